package reconciler.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.change.ChangeState;

/// Questions about runs; changes nothing.
public final class AuditView {
    private static final String RUNS =
            """
            SELECT run_id, job, trigger, scheduled_for, started_at, ended_at, started_by, host, planned, exit_code, explanation,
                   requests, throttled, pending
              FROM audit.v_run
             WHERE ((:job::text IS NULL AND trigger <> 'express') OR job = :job OR run_id = :run::bigint)
               AND (run_id = :run::bigint OR trigger <> ALL (:looks))
               AND (:run::bigint IS NULL OR run_id = :run::bigint)
             ORDER BY run_id DESC
             LIMIT :limit
            """;

    /// A run as two bounds that the planner does not know: it takes them for 0.5 % of the rows
    /// whatever the statistics say, and walks the index.
    private static final String COUNTS =
            """
            SELECT participant_role, status, count(*) AS rows
              FROM unnest(ARRAY[:run::bigint]) AS runs (id)
             CROSS JOIN LATERAL (SELECT b.participant_role, b.status, b.error_code, b.error_message, b.attempts, b.in_doubt
                                   FROM audit.outcome b
                                  WHERE b.run_id >= runs.id AND b.run_id <= runs.id
                                 OFFSET 0) AS o
             GROUP BY participant_role, status
             ORDER BY participant_role, status
            """;

    private static final String REASONS =
            """
            SELECT status, coalesce(error_code, 'no code') AS code, min(error_message) AS message, count(*) AS rows
              FROM unnest(ARRAY[:run::bigint]) AS runs (id)
             CROSS JOIN LATERAL (SELECT b.participant_role, b.status, b.error_code, b.error_message, b.attempts, b.in_doubt
                                   FROM audit.outcome b
                                  WHERE b.run_id >= runs.id AND b.run_id <= runs.id
                                    AND b.status IN ('REJECTED', 'CONFLICT', 'EXPIRED', 'FAILED')
                                 OFFSET 0) AS o
             GROUP BY status, coalesce(error_code, 'no code')
             ORDER BY count(*) DESC, status
             LIMIT :limit
            """;

    private static final String APPLIED_WITHOUT_REQUEST =
            """
            SELECT count(*)
              FROM unnest(ARRAY[:run::bigint]) AS runs (id)
             CROSS JOIN LATERAL (SELECT b.participant_role, b.status, b.error_code, b.error_message, b.attempts, b.in_doubt
                                   FROM audit.outcome b
                                  WHERE b.run_id >= runs.id AND b.run_id <= runs.id
                                 OFFSET 0) AS o
             WHERE status = 'APPLIED' AND attempts = 0 AND NOT in_doubt
            """;

    private static final String SETTLED_BY_EXPRESS_LANE =
            """
            SELECT coalesce(sum(o.rows), 0)
              FROM audit.run r
             CROSS JOIN LATERAL (
                    SELECT count(*) AS rows
                      FROM audit.outcome b
                     WHERE b.run_id >= r.run_id AND b.run_id <= r.run_id
                       AND b.occurred_at >= :since AND b.change_id + 0 <= :horizon) AS o
             WHERE r.trigger = 'express'
               -- One after the other: before the last one that was over by then, all were.
               AND r.run_id > coalesce((SELECT p.run_id
                                          FROM audit.run p
                                         WHERE p.trigger = 'express'
                                           AND (SELECT e.ended_at FROM audit.run_end e WHERE e.run_id = p.run_id) < :since
                                         ORDER BY p.run_id DESC
                                         LIMIT 1), 0)
            """;

    private static final String SINCE_LAST_PATCH =
            """
            SELECT (extract(epoch FROM clock_timestamp() - max(recorded_at)) * 1000000)::bigint AS micros
              FROM audit.attempt
             WHERE participant_id >= :participant AND participant_id <= :participant AND purpose = 'PATCH'
            """;

    private static final String LAST_SCHEDULED =
            """
            SELECT max(s.scheduled_for) AS scheduled_for
              FROM (SELECT r.scheduled_for
                      FROM audit.run r
                     WHERE r.job = :job
                       AND r.scheduled_for IS NOT NULL
                       AND EXISTS (SELECT FROM audit.run_end e WHERE e.run_id = r.run_id)
                     ORDER BY r.scheduled_for DESC
                     LIMIT 1) s
            """;

    private static final String SERVED =
            """
            SELECT EXISTS (SELECT
                             FROM audit.run r
                             JOIN audit.run_end e USING (run_id)
                            WHERE r.job = :job AND r.scheduled_for = :firing)
            """;

    private static final String IS_WRITABLE =
            "SELECT has_any_column_privilege('audit.run', 'INSERT')";

    private static final String WITHOUT_MONTH =
            """
            SELECT 'attempt' AS parent WHERE EXISTS (SELECT FROM audit.attempt_default)
             UNION ALL
            SELECT 'outcome' WHERE EXISTS (SELECT FROM audit.outcome_default)
             UNION ALL
            SELECT 'value' WHERE EXISTS (SELECT FROM audit.value_default)
            """;

    private final JdbcClient jdbc;

    public AuditView(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
    }

    /// One run; without an end while it is under way.
    public record RunRow(
            long runId,
            String job,
            String trigger,
            @Nullable Instant scheduledFor,
            Instant startedAt,
            @Nullable Instant endedAt,
            String startedBy,
            String host,
            long planned,
            @Nullable Integer exitCode,
            @Nullable String explanation,
            @Nullable Long requests,
            @Nullable Long throttled,
            @Nullable Long pending) {}

    /// Rows of a run that share a fate.
    public record Reason(ChangeState status, String code, @Nullable String message, long rows) {}

    /// The latest runs, newest first; no looks.
    ///
    /// @param job only this job's; null for every job, but for runs of the express lane
    public List<RunRow> runs(@Nullable String job, int limit) {
        return runs(job, null, limit);
    }

    /// One run; null when there is none with this id.
    public @Nullable RunRow run(long id) {
        List<RunRow> found = runs(null, id, 1);
        return found.isEmpty() ? null : found.getFirst();
    }

    private List<RunRow> runs(@Nullable String job, @Nullable Long run, int limit) {
        return jdbc.sql(RUNS)
                .param("job", job)
                .param("run", run, Types.BIGINT)
                .param("looks", RunStart.Trigger.looks())
                .param("limit", limit)
                .query((row, _) ->
                        new RunRow(
                                row.getLong("run_id"),
                                row.getString("job"),
                                row.getString("trigger"),
                                instantOrNull(row, "scheduled_for"),
                                instant(row, "started_at"),
                                instantOrNull(row, "ended_at"),
                                row.getString("started_by"),
                                row.getString("host"),
                                row.getLong("planned"),
                                row.getObject("exit_code", Integer.class),
                                row.getString("explanation"),
                                row.getObject("requests", Long.class),
                                row.getObject("throttled", Long.class),
                                row.getObject("pending", Long.class)))
                .list();
    }

    /// A run's terminal rows by role and state.
    public Map<String, Map<ChangeState, Long>> counts(long run) {
        var counts = new TreeMap<String, Map<ChangeState, Long>>();
        jdbc.sql(COUNTS)
                .param("run", run)
                .query(row -> {
                    counts.computeIfAbsent(row.getString("participant_role"), _ -> new TreeMap<>())
                            .put(ChangeState.valueOf(row.getString("status")), row.getLong("rows"));
                });
        return counts;
    }

    /// APPLIED rows of a run that no request explains; 0, or something is wrong.
    public long appliedWithoutRequest(long run) {
        return jdbc.sql(APPLIED_WITHOUT_REQUEST).param("run", run).query(Long.class).single();
    }

    /// How long ago a PATCH of this participant was written down last, by the database's clock;
    /// null when none is on record.
    public @Nullable Duration sinceLastPatch(UUID participant) {
        return jdbc.sql(SINCE_LAST_PATCH)
                .param("participant", participant)
                .query((row, _) -> new Age(row.getObject("micros", Long.class)))
                .single()
                .duration();
    }

    private record Age(@Nullable Long micros) {
        @Nullable Duration duration() {
            return micros == null ? null : Duration.of(micros, ChronoUnit.MICROS);
        }
    }

    /// Changes up to an id that the express lane settled since a moment, by the database's clock.
    public long settledByExpressLane(Instant since, long horizon) {
        return jdbc.sql(SETTLED_BY_EXPRESS_LANE)
                .param("since", since.atOffset(ZoneOffset.UTC))
                .param("horizon", horizon)
                .query(Long.class)
                .single();
    }

    /// Why rows of a run were not applied, the greatest group first.
    public List<Reason> reasons(long run, int limit) {
        return jdbc.sql(REASONS)
                .param("run", run)
                .param("limit", limit)
                .query((row, _) ->
                        new Reason(
                                ChangeState.valueOf(row.getString("status")),
                                row.getString("code"),
                                row.getString("message"),
                                row.getLong("rows")))
                .list();
    }

    /// Whether this login may put anything on record.
    public boolean isWritable() {
        return jdbc.sql(IS_WRITABLE).query(Boolean.class).single();
    }

    /// Tables with rows that found no partition of their month; nothing is lost, but retention
    /// cannot let go of them. Empty when all is well.
    public List<String> withoutMonth() {
        return jdbc.sql(WITHOUT_MONTH).query((row, _) -> row.getString("parent")).list();
    }

    /// The latest instant of the job's schedule that a run served to its end; null when none did.
    public @Nullable Instant lastScheduled(String job) {
        return jdbc.sql(LAST_SCHEDULED)
                .param("job", job)
                .query((row, _) -> new LastScheduled(instantOrNull(row, "scheduled_for")))
                .single()
                .instant();
    }

    /// Whether a run served this instant of the job's schedule to its end.
    public boolean isServed(String job, Instant firing) {
        return jdbc.sql(SERVED)
                .param("job", job)
                .param("firing", firing.atOffset(ZoneOffset.UTC))
                .query(Boolean.class)
                .single();
    }

    private record LastScheduled(@Nullable Instant instant) {}

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant instantOrNull(ResultSet row, String column)
            throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
