package reconciler.plan;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What plans said of one change; changes nothing. Plans forget their rows a week after they
/// expired.
public final class Forecasted {
    private static final String BY_PLANS =
            """
            SELECT p.id, p.created_at, p.made_by, r.finding, r.own_role
              FROM unnest(ARRAY[:change::bigint]) AS changes (id)
             CROSS JOIN LATERAL (SELECT w.plan_id, w.finding, w.own_role
                                   FROM reconciler.plan_row w
                                  WHERE w.change_id >= changes.id AND w.change_id <= changes.id
                                 OFFSET 0) AS r
             CROSS JOIN LATERAL (SELECT p.id, p.created_at, p.made_by, p.change_set_id, p.sha256
                                   FROM reconciler.plan p WHERE p.id = r.plan_id OFFSET 0) AS p
             WHERE (p.change_set_id IS NULL
                    OR p.change_set_id = (SELECT c.change_set_id FROM reconciler.attribute_change c WHERE c.id = :change))
               AND p.sha256 IS NOT NULL AND r.finding IS NOT NULL
             ORDER BY p.id
            """;

    private final JdbcClient jdbc;

    public Forecasted(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
    }

    /// What one plan said.
    ///
    /// @param plan its name, such as `p_12`
    /// @param ownRole the participant's own role, where the change names another
    public record ByPlan(
            String plan, Instant at, String by, Finding finding, @Nullable String ownRole) {}

    /// The oldest first.
    public List<ByPlan> of(long change) {
        return jdbc.sql(BY_PLANS)
                .param("change", change)
                .query((row, _) ->
                        new ByPlan(
                                Plan.name(row.getLong("id")),
                                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                                row.getString("made_by"),
                                Finding.valueOf(row.getString("finding")),
                                row.getString("own_role")))
                .list();
    }
}
