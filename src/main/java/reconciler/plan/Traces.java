package reconciler.plan;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.audit.EventView;
import reconciler.change.Participant;
import reconciler.change.ParticipantRole;
import reconciler.run.JobFile;

/// What earlier runs left in force, read from the audit a page of conversations at a time.
final class Traces {
    private static final String PAGE =
            """
            WITH page AS (
                SELECT DISTINCT o.conversation_id
                  FROM {outcomes}
                 WHERE o.status = ANY (:statuses)
                   AND o.conversation_id > :after
                 ORDER BY o.conversation_id
                 LIMIT :size
            ), of_page AS MATERIALIZED (
                SELECT o.outcome_id, o.occurred_at, o.change_id, o.run_id, o.conversation_id, o.participant_id,
                       coalesce(o.corrected_role, o.participant_role) AS role, o.attribute_name, o.before_commit, o.in_doubt,
                       row_number() OVER (PARTITION BY o.conversation_id, o.participant_id, o.attribute_name
                                              ORDER BY o.outcome_id DESC) AS from_last,
                       row_number() OVER (PARTITION BY o.conversation_id, o.participant_id, o.attribute_name
                                              ORDER BY o.outcome_id) AS from_first
                  FROM page p
                 CROSS JOIN LATERAL (SELECT a.outcome_id, a.occurred_at, a.change_id, a.run_id, a.change_set_id, a.conversation_id,
                                            a.participant_id, a.participant_role, a.corrected_role, a.attribute_name,
                                            a.before_commit, a.in_doubt, a.status
                                       FROM audit.outcome a
                                      WHERE a.conversation_id >= p.conversation_id AND a.conversation_id <= p.conversation_id
                                     OFFSET 0) AS o
                 WHERE (:set::bigint IS NULL OR o.change_set_id = :set::bigint)
                   AND (:since::timestamptz IS NULL OR o.occurred_at >= :since::timestamptz)
                   AND o.status = ANY (:statuses)
            )
            SELECT l.change_id, l.conversation_id, l.participant_id, l.role, l.attribute_name,
                   (SELECT v.requested_value FROM audit.value v
                     WHERE v.outcome_id = l.outcome_id AND v.occurred_at = l.occurred_at) AS value,
                   (SELECT max(n.change_id)
                      FROM (SELECT a.change_id, a.conversation_id, a.attribute_name, a.outcome_id, a.status
                              FROM audit.outcome a
                             WHERE a.participant_id >= l.participant_id AND a.participant_id <= l.participant_id
                            OFFSET 0) AS n
                     WHERE n.conversation_id = l.conversation_id
                       AND n.attribute_name = l.attribute_name AND n.outcome_id > l.outcome_id
                       AND n.status IN ('APPLIED', 'UNCHANGED')) AS replaced_by,
                   (SELECT c.atomic_group FROM reconciler.attribute_change c WHERE c.id = l.change_id) AS atomic_group,
                   f.run_id, f.before_commit IS NOT NULL AS had_value, f.in_doubt, b.before_value
              FROM of_page l
              JOIN of_page f ON f.conversation_id = l.conversation_id AND f.participant_id = l.participant_id
                            AND f.attribute_name = l.attribute_name AND f.from_first = 1
              LEFT JOIN audit.value b ON b.outcome_id = f.outcome_id AND b.occurred_at = f.occurred_at
             WHERE l.from_last = 1
             ORDER BY l.conversation_id, l.change_id
            """;

    private static final String OF_SET =
            """
            unnest(ARRAY[:set::bigint]) AS sets (number)
             CROSS JOIN LATERAL (SELECT a.conversation_id, a.status
                                   FROM audit.outcome a
                                  WHERE a.change_set_id >= sets.number AND a.change_set_id <= sets.number
                                    AND (:since::timestamptz IS NULL OR a.occurred_at >= :since::timestamptz)
                                 OFFSET 0) AS o
            """;

    private static final String OF_ALL =
            """
            (SELECT a.conversation_id, a.status
               FROM audit.outcome a
              WHERE :since::timestamptz IS NULL OR a.occurred_at >= :since::timestamptz) AS o
            """;

    private static final String PAGE_OF_SET = PAGE.replace("{outcomes}", OF_SET);

    private static final String PAGE_OF_ALL = PAGE.replace("{outcomes}", OF_ALL);

    private static final String RUN =
            "SELECT r.job, r.job_file FROM audit.run r WHERE r.run_id = :run";

    private final JdbcClient jdbc;
    private final EventView events;
    private final Map<Long, Boolean> readers = new HashMap<>();

    Traces(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
        events = new EventView(dataSource);
    }

    /// Of which changes; one of the two is given.
    ///
    /// @param applied only what was changed, without what was found already so
    record Of(@Nullable Long set, @Nullable Instant since, boolean applied) {
        String[] statuses() {
            return applied ? new String[] {"APPLIED"} : new String[] {"APPLIED", "UNCHANGED"};
        }
    }

    /// The next conversations, all rows of a conversation together.
    ///
    /// @param after the last conversation of the page before
    List<InForce> page(Of of, UUID after, int size) {
        return jdbc.sql(of.set() == null ? PAGE_OF_ALL : PAGE_OF_SET)
                .param("set", of.set(), Types.BIGINT)
                .param(
                        "since",
                        of.since() == null ? null : of.since().atOffset(ZoneOffset.UTC),
                        Types.TIMESTAMP_WITH_TIMEZONE)
                .param("statuses", of.statuses())
                .param("after", after)
                .param("size", size)
                .query((row, _) ->
                        new InForce(
                                row.getLong("change_id"),
                                new Participant(
                                        row.getObject("conversation_id", UUID.class),
                                        row.getObject("participant_id", UUID.class)),
                                new ParticipantRole(row.getString("role")),
                                row.getString("attribute_name"),
                                row.getString("value"),
                                row.getObject("replaced_by", Long.class),
                                row.getObject("atomic_group", Long.class),
                                before(row)))
                .list();
    }

    private InForce.Before before(ResultSet row) throws SQLException {
        String value = row.getString("before_value");
        if (value != null) {
            return new InForce.Before.Known(value);
        }
        boolean seenToBeAbsent =
                !row.getBoolean("had_value")
                        && !row.getBoolean("in_doubt")
                        && reads(row.getLong("run_id"));
        return seenToBeAbsent ? new InForce.Before.Known(null) : new InForce.Before.Unknown();
    }

    /// Whether a run read what was there before it changed it: one that applies a plan does,
    /// whatever its job file says.
    private boolean reads(long run) {
        return readers.computeIfAbsent(
                run,
                id -> events.planOf(id) != null || beforeImage(id) == JobFile.BeforeImage.READ);
    }

    private JobFile.BeforeImage beforeImage(long run) {
        return jdbc.sql(RUN)
                .param("run", run)
                .query((row, _) ->
                        JobFile.parse(row.getString("job") + ".yml", row.getString("job_file")))
                .single()
                .beforeImage();
    }
}
