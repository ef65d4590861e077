package reconciler.queue;

import java.sql.Types;
import java.util.EnumMap;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/// Queues anew what ended badly: new PENDING rows in a new change set, each naming the row that it
/// tries again. What is settled stays settled. Joins the caller's transaction.
public final class Redrives {
    /// What ended badly in runs from one to another, from an index of that alone.
    private static final String OF_RUNS =
            """
            unnest(ARRAY[:firstRun::bigint], ARRAY[:lastRun::bigint]) AS runs (first, last)
             CROSS JOIN LATERAL (SELECT b.change_id, b.change_set_id, b.conversation_id, b.participant_id, b.attribute_name,
                                        b.status, b.error_code
                                   FROM audit.outcome b
                                  WHERE b.run_id >= runs.first AND b.run_id <= runs.last
                                    AND b.status IN ('REJECTED', 'CONFLICT', 'EXPIRED', 'FAILED')
                                 OFFSET 0) AS o
            """;

    private static final String OF_SET =
            """
            unnest(ARRAY[:set::bigint]) AS sets (number)
             CROSS JOIN LATERAL (SELECT b.change_id, b.change_set_id, b.conversation_id, b.participant_id, b.attribute_name,
                                        b.status, b.error_code
                                   FROM audit.outcome b
                                  WHERE b.change_set_id >= sets.number AND b.change_set_id <= sets.number
                                    AND b.status IN ('REJECTED', 'CONFLICT', 'EXPIRED', 'FAILED')
                                 OFFSET 0) AS o
            """;

    /// Whatever was asked for later, and waits or is in force, stays the newest.
    private static final String JUDGED =
            """
            WITH asked AS MATERIALIZED (
                SELECT o.change_id, o.conversation_id, o.participant_id, o.attribute_name
                  FROM {outcomes}
                 WHERE o.status = ANY (:statuses)
                   AND (:set::bigint IS NULL OR o.change_set_id = :set::bigint)
                   AND (:error::text IS NULL OR o.error_code = :error::text)
            ), wanted AS (
                SELECT change_id, conversation_id, participant_id, attribute_name FROM asked
                 UNION
                -- What is applied together or not at all is tried again together, whichever of it was at fault.
                SELECT o.change_id, o.conversation_id, o.participant_id, o.attribute_name
                  FROM asked a
                 CROSS JOIN LATERAL reconciler.atomic_group_of(a.change_id) AS g (id)
                 CROSS JOIN LATERAL (SELECT m.change_id, m.conversation_id, m.participant_id, m.attribute_name, m.status
                                       FROM audit.outcome m
                                      WHERE m.change_id >= g.id AND m.change_id <= g.id
                                     OFFSET 0) AS o
                 WHERE o.status = ANY (:statuses)
            ), ended AS MATERIALIZED (
                SELECT w.change_id, w.conversation_id, w.participant_id, w.attribute_name,
                       max(w.change_id) OVER (PARTITION BY w.conversation_id, w.participant_id, w.attribute_name) AS newest
                  FROM wanted w
            ), judged AS MATERIALIZED (
                SELECT e.change_id,
                       -- Counted, not asked for whether there is one: nobody expects to meet it soon, and reads all for it.
                       CASE WHEN (SELECT count(*) FROM reconciler.attribute_change r
                                   WHERE r.redrives >= e.change_id AND r.redrives <= e.change_id) > 0
                            THEN 'REDRIVEN'
                            WHEN e.change_id < e.newest
                              OR (SELECT count(*)
                                    FROM reconciler.waiting_for(e.conversation_id, e.participant_id, e.attribute_name) AS n
                                   WHERE n.id > e.change_id) > 0
                              OR (SELECT count(*) FROM reconciler.attribute_change n
                                   WHERE n.state = 'IN_FLIGHT'
                                     AND n.participant_id >= e.participant_id AND n.participant_id <= e.participant_id
                                     AND n.conversation_id = e.conversation_id
                                     AND n.attribute_name = e.attribute_name AND n.id + 0 > e.change_id) > 0
                              OR (SELECT count(*) FROM audit.outcome n
                                   WHERE n.participant_id >= e.participant_id AND n.participant_id <= e.participant_id
                                     AND n.conversation_id = e.conversation_id
                                     AND n.attribute_name = e.attribute_name AND n.change_id + 0 > e.change_id
                                     AND n.status IN ('APPLIED', 'UNCHANGED', 'SUPERSEDED')) > 0
                            THEN 'OVERTAKEN'
                            WHEN (SELECT c.attribute_value = '(erased)' FROM reconciler.attribute_change c
                                   WHERE c.id = e.change_id)
                            THEN 'ERASED'
                            ELSE 'CHOSEN' END AS verdict
                  FROM ended e
            )
            """;

    private static final String COUNT =
            JUDGED + "SELECT verdict, count(*) AS rows FROM judged GROUP BY verdict";

    private static final String NEW_SET =
            """
            INSERT INTO reconciler.change_set (requested_by, reason, source_name) VALUES (:by, :reason, :source)
            RETURNING id
            """;

    private static final String COUNT_IN_SET =
            "UPDATE reconciler.change_set SET rows_queued = :rows WHERE id = :set";

    /// An apply-by that has passed would only expire again.
    private static final String REQUEUE =
            JUDGED
                    + """
                    INSERT INTO reconciler.attribute_change
                           (conversation_id, participant_id, participant_role, attribute_name, attribute_value, requested_by,
                            change_set_id, apply_by, priority, redrives, atomic_group)
                    SELECT c.conversation_id, c.participant_id, c.participant_role, c.attribute_name, c.attribute_value,
                           c.requested_by, :newSet, CASE WHEN c.apply_by > statement_timestamp() THEN c.apply_by END, c.priority,
                           c.id, c.atomic_group
                      FROM (SELECT j.change_id
                              FROM judged j
                             WHERE j.verdict = 'CHOSEN'
                             ORDER BY coalesce((SELECT min(g.id) FROM reconciler.atomic_group_of(j.change_id) AS g (id)), j.change_id)
                             FETCH FIRST :limit ROWS WITH TIES) AS chosen
                     CROSS JOIN LATERAL (
                           SELECT a.id, a.conversation_id, a.participant_id, a.participant_role, a.attribute_name,
                                  a.attribute_value, a.requested_by, a.apply_by, a.priority, a.atomic_group
                             FROM reconciler.attribute_change a
                            WHERE a.id = chosen.change_id
                           OFFSET 0) AS c
                     ORDER BY c.id
                    """;

    private final JdbcClient jdbc;

    public Redrives(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
    }

    /// What becomes of a row that ended badly. The names are those of the statement.
    public enum Verdict {
        CHOSEN,
        /// It was tried again before, by another row.
        REDRIVEN,
        /// A newer change to the same attribute waits, is in force, or is tried again instead.
        OVERTAKEN,
        /// Its value was erased.
        ERASED
    }

    /// Rows by what would become of them, whatever the limit.
    public Map<Verdict, Long> judge(RedriveFilter filter) {
        var rows = new EnumMap<Verdict, Long>(Verdict.class);
        filtered(COUNT, filter)
                .query(row -> {
                    rows.put(Verdict.valueOf(row.getString("verdict")), row.getLong("rows"));
                });
        return rows;
    }

    /// @param set the new change set
    public record Redriven(long set, long rows) {}

    /// Queues the chosen rows. Two that choose the same row: the second fails.
    public Redriven redrive(
            RedriveFilter filter, String by, @Nullable String reason, String source) {
        long set =
                jdbc.sql(NEW_SET)
                        .param("by", by)
                        .param("reason", reason)
                        .param("source", source)
                        .query(Long.class)
                        .single();
        long rows =
                filtered(REQUEUE, filter)
                        .param("newSet", set)
                        .param("limit", filter.limit())
                        .update();
        jdbc.sql(COUNT_IN_SET).param("rows", rows).param("set", set).update();
        return new Redriven(set, rows);
    }

    private StatementSpec filtered(String sql, RedriveFilter filter) {
        boolean bySet = filter.run() == null && filter.set() != null;
        StatementSpec statement =
                jdbc.sql(sql.replace("{outcomes}", bySet ? OF_SET : OF_RUNS))
                        .param("statuses", filter.names())
                        .param("set", filter.set(), Types.BIGINT)
                        .param("error", filter.error(), Types.VARCHAR);
        return bySet
                ? statement
                : statement
                        .param("firstRun", filter.run() == null ? 0 : filter.run())
                        .param("lastRun", filter.run() == null ? Long.MAX_VALUE : filter.run());
    }
}
