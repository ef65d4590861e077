package reconciler.plan;

import java.time.OffsetDateTime;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The plans that were closed, as they stand.
final class Plans {
    private static final String ONE =
            """
            SELECT id, change_set_id, job, created_at, valid_until, valid_until <= clock_timestamp() AS expired,
                   sample, sha256, voided_because
              FROM reconciler.plan WHERE id = :plan AND sha256 IS NOT NULL
            """;

    private static final String PENDING_OF =
            """
            SELECT count(*)
              FROM reconciler.plan_row r
             CROSS JOIN LATERAL (SELECT a.settled_at
                                   FROM reconciler.attribute_change a
                                  WHERE a.id = r.change_id
                                 OFFSET 0) AS c
             WHERE r.plan_id = :plan AND c.settled_at IS NULL
            """;

    private static final String ADDED_AFTER =
            """
            SELECT (SELECT true FROM reconciler.attribute_change a
                     WHERE (a.change_set_id, a.id) > (p.change_set_id, p.horizon) AND a.change_set_id <= p.change_set_id
                     ORDER BY a.change_set_id, a.id
                     LIMIT 1) IS NOT NULL
              FROM reconciler.plan p WHERE p.id = :plan
            """;

    private static final String IS_WHOLE =
            "SELECT reconciler.plan_sha256(id) = sha256 FROM reconciler.plan WHERE id = :plan";

    private final JdbcClient jdbc;

    Plans(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
    }

    @Nullable Plan find(long plan) {
        return jdbc.sql(ONE)
                .param("plan", plan)
                .query((row, _) ->
                        new Plan(
                                row.getLong("id"),
                                row.getObject("change_set_id", Long.class),
                                row.getString("job"),
                                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                                row.getObject("valid_until", OffsetDateTime.class).toInstant(),
                                row.getBoolean("expired"),
                                row.getObject("sample", Integer.class),
                                row.getString("sha256"),
                                row.getString("voided_because")))
                .optional()
                .orElse(null);
    }

    /// Rows of the plan that are not settled yet.
    long pending(long plan) {
        return jdbc.sql(PENDING_OF).param("plan", plan).query(Long.class).single();
    }

    /// Whether its set got rows after it was made.
    boolean isOutgrown(long plan) {
        return jdbc.sql(ADDED_AFTER).param("plan", plan).query(Boolean.class).single();
    }

    /// Whether its hash is still the one it was closed with.
    boolean isWhole(long plan) {
        return jdbc.sql(IS_WHOLE).param("plan", plan).query(Boolean.class).single();
    }
}
