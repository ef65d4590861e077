package reconciler.audit;

import org.springframework.jdbc.core.simple.JdbcClient;

/// Holds what was decided about change sets against the sealed events of the same decisions: the
/// decisions themselves are under no seal.
record Decisions(JdbcClient jdbc) {
    private static final String WITHOUT_EVENT =
            """
            SELECT a.approval_id, a.change_set_id, a.verdict, a.approver
              FROM audit.v_approval a
             WHERE NOT EXISTS (SELECT FROM audit.event e
                                WHERE e.object = 'change set ' || a.change_set_id
                                  AND e.action = a.verdict AND e.actor = a.approver
                                  AND e.reason IS NOT DISTINCT FROM a.remark
                                  AND e.detail IS NOT DISTINCT FROM 'plan p_' || a.plan_id || ' sha256:' || a.plan_sha256)
             ORDER BY a.approval_id
            """;

    private static final String WITHOUT_DECISION =
            """
            SELECT e.event_id, e.object, e.action, e.actor
              FROM audit.event e
             WHERE e.action IN ('approved', 'rejected') AND e.object LIKE 'change set %'
               AND NOT EXISTS (SELECT FROM audit.v_approval a
                                WHERE 'change set ' || a.change_set_id = e.object AND a.verdict = e.action
                                  AND a.approver = e.actor)
             ORDER BY e.event_id
            """;

    void check(Faults faults) {
        jdbc.sql(WITHOUT_EVENT)
                .query(row -> {
                    faults.add(
                            "decision "
                                    + row.getLong("approval_id")
                                    + " (change set "
                                    + row.getLong("change_set_id")
                                    + ", "
                                    + row.getString("verdict")
                                    + " by "
                                    + row.getString("approver")
                                    + ") was altered or inserted: no event says the same");
                });
        jdbc.sql(WITHOUT_DECISION)
                .query(row -> {
                    faults.add(
                            "the decision of event "
                                    + row.getLong("event_id")
                                    + " ("
                                    + row.getString("object")
                                    + ", "
                                    + row.getString("action")
                                    + " by "
                                    + row.getString("actor")
                                    + ") was deleted or altered");
                });
    }
}
