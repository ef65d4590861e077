package reconciler.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.change.ChangeState;

/// Questions about what happened; changes nothing.
public final class AuditView {
    private static final String OUTCOMES =
            """
            SELECT outcome_id, change_id, change_set_id, run_id, conversation_id, participant_id, participant_role,
                   corrected_role, attribute_name, before_value, requested_value, status, confirmed_by, http_status,
                   error_code, error_message, correlation_id, attempts, in_doubt, requested_by, approved_by, occurred_at
              FROM audit.v_outcome
             WHERE (:run::bigint IS NULL OR run_id = :run)
               AND (:set::bigint IS NULL OR change_set_id = :set)
               AND (:change::bigint IS NULL OR change_id = :change)
               AND (:conversation::uuid IS NULL OR conversation_id = :conversation)
               AND (:participant::uuid IS NULL OR participant_id = :participant)
               AND (:role::text IS NULL OR participant_role = :role)
               AND (:attribute::text IS NULL OR attribute_name = :attribute)
               AND (:error::text IS NULL OR error_code = :error)
               AND (:requester::text IS NULL OR requested_by = :requester)
               AND (:since::timestamptz IS NULL OR occurred_at >= :since)
               AND (:until::timestamptz IS NULL OR occurred_at < :until)
               AND (:everyStatus OR status = ANY (:statuses))
             ORDER BY outcome_id
             LIMIT :limit
            """;

    /// A later success stands: what it overtook is not to be asked for again.
    private static final String LATEST =
            """
            SELECT outcome_id, change_id, change_set_id, run_id, conversation_id, participant_id, participant_role,
                   corrected_role, attribute_name, before_value, requested_value, status, confirmed_by, http_status,
                   error_code, error_message, correlation_id, attempts, in_doubt, requested_by, approved_by, occurred_at
              FROM (SELECT DISTINCT ON (conversation_id, participant_id, attribute_name)
                           outcome_id, change_id, change_set_id, run_id, conversation_id, participant_id, participant_role,
                           corrected_role, attribute_name, before_value, requested_value, status, confirmed_by, http_status,
                           error_code, error_message, correlation_id, attempts, in_doubt, requested_by, approved_by, occurred_at
                      FROM audit.v_outcome
                     WHERE (:run::bigint IS NULL OR run_id = :run)
                       AND (:set::bigint IS NULL OR change_set_id = :set)
                       AND (:change::bigint IS NULL OR change_id = :change)
                       AND (:conversation::uuid IS NULL OR conversation_id = :conversation)
                       AND (:participant::uuid IS NULL OR participant_id = :participant)
                       AND (:role::text IS NULL OR participant_role = :role)
                       AND (:attribute::text IS NULL OR attribute_name = :attribute)
                       AND (:error::text IS NULL OR error_code = :error)
                       AND (:requester::text IS NULL OR requested_by = :requester)
                       AND (:since::timestamptz IS NULL OR occurred_at >= :since)
                       AND (:until::timestamptz IS NULL OR occurred_at < :until)
                       AND (:everyStatus OR status = ANY (:statuses))
                     ORDER BY conversation_id, participant_id, attribute_name, change_id DESC) o
             WHERE NOT EXISTS (SELECT FROM audit.outcome later
                                WHERE later.participant_id = o.participant_id
                                  AND later.conversation_id = o.conversation_id
                                  AND later.attribute_name = o.attribute_name
                                  AND later.change_id > o.change_id
                                  AND later.status IN ('APPLIED', 'UNCHANGED'))
             ORDER BY outcome_id
             LIMIT :limit
            """;

    private static final String SEES_VALUES =
            "SELECT has_table_privilege(current_user, 'audit.value', 'SELECT')";

    private static final String ATTEMPTS =
            """
            SELECT attempt_id, run_id, purpose, method, path, started_at, took_micros, http_status, error_code, error_message,
                   correlation_id
              FROM audit.v_attempt
             WHERE participant_id IN (SELECT c.participant_id FROM reconciler.attribute_change c WHERE c.id = :change)
               AND :change = ANY (change_ids)
             ORDER BY attempt_id
            """;

    private static final String RUNS =
            """
            SELECT run_id, job, trigger, scheduled_for, started_at, ended_at, started_by, host, planned, exit_code, explanation,
                   requests, throttled, pending
              FROM audit.v_run
             WHERE (:job::text IS NULL OR job = :job)
               AND (:run::bigint IS NULL OR run_id = :run::bigint)
             ORDER BY run_id DESC
             LIMIT :limit
            """;

    private static final String COUNTS =
            """
            SELECT participant_role, status, count(*) AS rows
              FROM audit.v_outcome
             WHERE run_id = :run
             GROUP BY participant_role, status
             ORDER BY participant_role, status
            """;

    private static final String REASONS =
            """
            SELECT status, coalesce(error_code, 'no code') AS code, min(error_message) AS message, count(*) AS rows
              FROM audit.v_outcome
             WHERE run_id = :run AND status IN ('REJECTED', 'CONFLICT', 'EXPIRED', 'FAILED')
             GROUP BY status, coalesce(error_code, 'no code')
             ORDER BY count(*) DESC, status
             LIMIT :limit
            """;

    private static final String APPLIED_WITHOUT_REQUEST =
            """
            SELECT count(*) FROM audit.v_outcome
             WHERE run_id = :run AND status = 'APPLIED' AND attempts = 0 AND NOT in_doubt
            """;

    private static final String LAST_SCHEDULED =
            "SELECT max(scheduled_for) AS scheduled_for FROM audit.run WHERE job = :job";

    private static final String WITHOUT_MONTH =
            """
            SELECT 'attempt' AS parent WHERE EXISTS (SELECT FROM audit.attempt_default)
             UNION ALL
            SELECT 'outcome' WHERE EXISTS (SELECT FROM audit.outcome_default)
             UNION ALL
            SELECT 'value' WHERE EXISTS (SELECT FROM audit.value_default)
            """;

    private final JdbcClient jdbc;
    private final TransactionTemplate readOnly;

    public AuditView(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
        readOnly = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        readOnly.setReadOnly(true);
    }

    /// One row of `audit.v_outcome`. Values are null once erased.
    public record OutcomeRow(
            long outcomeId,
            long changeId,
            @Nullable Long changeSetId,
            @Nullable Long runId,
            UUID conversationId,
            UUID participantId,
            String participantRole,
            @Nullable String correctedRole,
            String attributeName,
            @Nullable String beforeValue,
            @Nullable String requestedValue,
            ChangeState status,
            @Nullable String confirmedBy,
            @Nullable Integer httpStatus,
            @Nullable String errorCode,
            @Nullable String errorMessage,
            @Nullable String correlationId,
            int attempts,
            boolean inDoubt,
            String requestedBy,
            @Nullable String approvedBy,
            Instant occurredAt) {
        /// Without the values.
        @Override
        public String toString() {
            return "outcome " + outcomeId + " of change " + changeId + ": " + status;
        }
    }

    /// One request, as `explain` tells it.
    public record AttemptRow(
            long attemptId,
            long runId,
            String purpose,
            String method,
            String path,
            Instant startedAt,
            long tookMicros,
            @Nullable Integer httpStatus,
            @Nullable String errorCode,
            @Nullable String errorMessage,
            @Nullable String correlationId) {}

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

    /// Streams the outcomes, oldest first.
    public void outcomes(OutcomeFilter filter, Consumer<OutcomeRow> consumer) {
        stream(OUTCOMES, filter, consumer);
    }

    /// Streams the latest of them for each attribute of each participant, unless a later change was
    /// applied: what one may ask for again.
    public void latest(OutcomeFilter filter, Consumer<OutcomeRow> consumer) {
        stream(LATEST, filter, consumer);
    }

    /// Whether the login sees values, or `(masked)` in their place.
    public boolean seesValues() {
        return jdbc.sql(SEES_VALUES).query(Boolean.class).single();
    }

    private void stream(String sql, OutcomeFilter filter, Consumer<OutcomeRow> consumer) {
        // The driver streams inside a transaction only.
        readOnly.executeWithoutResult(_ ->
                filter.of(jdbc.sql(sql).withFetchSize(1_000))
                        .query(row -> {
                            consumer.accept(outcome(row));
                        }));
    }

    /// The requests that were made for a change, in order.
    public List<AttemptRow> attempts(long change) {
        return jdbc.sql(ATTEMPTS)
                .param("change", change)
                .query((row, _) ->
                        new AttemptRow(
                                row.getLong("attempt_id"),
                                row.getLong("run_id"),
                                row.getString("purpose"),
                                row.getString("method"),
                                row.getString("path"),
                                instant(row, "started_at"),
                                row.getLong("took_micros"),
                                row.getObject("http_status", Integer.class),
                                row.getString("error_code"),
                                row.getString("error_message"),
                                row.getString("correlation_id")))
                .list();
    }

    /// The latest runs, newest first.
    ///
    /// @param job only this job's; null for every job
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

    /// Tables with rows that found no partition of their month; nothing is lost, but retention
    /// cannot let go of them. Empty when all is well.
    public List<String> withoutMonth() {
        return jdbc.sql(WITHOUT_MONTH).query((row, _) -> row.getString("parent")).list();
    }

    /// The latest instant of the job's schedule that a run served; null when none did.
    public @Nullable Instant lastScheduled(String job) {
        return jdbc.sql(LAST_SCHEDULED)
                .param("job", job)
                .query((row, _) -> new LastScheduled(instantOrNull(row, "scheduled_for")))
                .single()
                .instant();
    }

    private record LastScheduled(@Nullable Instant instant) {}

    private static OutcomeRow outcome(ResultSet row) throws SQLException {
        return new OutcomeRow(
                row.getLong("outcome_id"),
                row.getLong("change_id"),
                row.getObject("change_set_id", Long.class),
                row.getObject("run_id", Long.class),
                row.getObject("conversation_id", UUID.class),
                row.getObject("participant_id", UUID.class),
                row.getString("participant_role"),
                row.getString("corrected_role"),
                row.getString("attribute_name"),
                row.getString("before_value"),
                row.getString("requested_value"),
                ChangeState.valueOf(row.getString("status")),
                row.getString("confirmed_by"),
                row.getObject("http_status", Integer.class),
                row.getString("error_code"),
                row.getString("error_message"),
                row.getString("correlation_id"),
                row.getInt("attempts"),
                row.getBoolean("in_doubt"),
                row.getString("requested_by"),
                row.getString("approved_by"),
                instant(row, "occurred_at"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant instantOrNull(ResultSet row, String column)
            throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
