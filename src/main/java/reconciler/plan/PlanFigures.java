package reconciler.plan;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What the rows of a plan add up to.
final class PlanFigures {
    private static final String COUNTS =
            "SELECT finding, count(*) AS rows FROM reconciler.plan_row WHERE plan_id = :plan GROUP BY finding";

    /// The rows of the plan with their changes, each looked up by its id.
    private static final String ROWS =
            """
            FROM reconciler.plan_row r
             CROSS JOIN LATERAL (SELECT a.participant_id, a.participant_role, a.apply_by, a.not_before, a.next_attempt_at,
                                        a.atomic_group
                                   FROM reconciler.attribute_change a
                                  WHERE a.id = r.change_id
                                 OFFSET 0) AS c
             WHERE r.plan_id = :plan\
            """;

    private static final String REQUESTS =
            overRows(
                    """
                    SELECT count(DISTINCT r.conversation_no) FILTER (WHERE r.finding NOT IN ('SUPERSEDED', 'EXPIRED')) AS reads,
                           count(DISTINCT (c.participant_id, c.participant_role)) FILTER (WHERE r.finding IN ('CHANGE', 'ROLE', 'ENDED'))
                           + count(DISTINCT (c.participant_id, c.participant_role)) FILTER (WHERE r.finding = 'ROLE') AS changes
                      {rows}
                    """);

    private static final String TOO_LATE =
            overRows(
                    """
                    SELECT count(*) AS rows, min(c.apply_by) AS first
                      {rows} AND r.finding IN ('CHANGE', 'ROLE', 'ENDED') AND c.apply_by < :end
                    """);

    private static final String NOT_DUE =
            overRows(
                    """
                    SELECT count(*)
                      {rows} AND (c.not_before > :asOf OR c.next_attempt_at > :asOf)
                    """);

    private static final String ATOMIC =
            overRows(
                    """
                    SELECT count(*)
                      {rows} AND c.atomic_group IS NOT NULL
                    """);

    private static String overRows(String statement) {
        return statement.replace("{rows}", ROWS);
    }

    private final JdbcClient jdbc;

    PlanFigures(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
    }

    Map<Finding, Long> counts(long plan) {
        var counts = new EnumMap<Finding, Long>(Finding.class);
        jdbc.sql(COUNTS)
                .param("plan", plan)
                .query(row -> {
                    counts.put(Finding.valueOf(row.getString("finding")), row.getLong("rows"));
                });
        return counts;
    }

    /// @param scale above 1 for a sample: what was looked at stands for so much
    Estimate estimate(Drafts.Draft draft, double scale, Instant now) {
        Estimate estimate =
                jdbc.sql(REQUESTS)
                        .param("plan", draft.id())
                        .query((row, _) ->
                                Estimate.of(
                                        draft.request().job(),
                                        Math.round(row.getLong("reads") * scale),
                                        Math.round(row.getLong("changes") * scale),
                                        now))
                        .single();
        return jdbc.sql(TOO_LATE)
                .param("plan", draft.id())
                .param("end", estimate.ends().atOffset(ZoneOffset.UTC))
                .query((row, _) ->
                        estimate.missing(
                                Math.round(row.getLong("rows") * scale), instant(row, "first")))
                .single();
    }

    long notDue(Drafts.Draft draft) {
        return jdbc.sql(NOT_DUE)
                .param("plan", draft.id())
                .param("asOf", draft.scope().asOf().atOffset(ZoneOffset.UTC))
                .query(Long.class)
                .single();
    }

    /// Rows that are applied with the others of their participant or not at all.
    long atomic(Drafts.Draft draft) {
        return jdbc.sql(ATOMIC).param("plan", draft.id()).query(Long.class).single();
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
