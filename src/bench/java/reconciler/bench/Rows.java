package reconciler.bench;

/// The rows of every contender: nine of ten participants are contacts.
final class Rows {
    static final String SELECT =
            """
            SELECT p.conversation_id, p.participant_id, p.participant_role, 'attribute.' || a, 'value of ' || a
              FROM (SELECT gen_random_uuid() AS conversation_id, gen_random_uuid() AS participant_id,
                           CASE WHEN n % 10 = 0 THEN 'agent' ELSE 'contact' END AS participant_role
                      FROM generate_series(1, :participants) AS n) AS p
             CROSS JOIN generate_series(1, :attributes) AS a
            """;

    private Rows() {}
}
