package reconciler.audit;

import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.change.AttributeChange;
import reconciler.change.ChangeState;
import reconciler.outcome.Attempt;
import reconciler.outcome.Disposition;
import reconciler.outcome.Evidence;
import reconciler.outcome.Settlement;

/// What happened, written once. Everything here joins the caller's transaction, so that the record
/// and the state of a row are one fact.
public final class AuditTrail {
    private static final String OPEN_RUN =
            """
            INSERT INTO audit.run (job, trigger, scheduled_for, started_by, host, version, job_file_sha256, job_file, api,
                                   contract, epoch, planned, horizon)
            VALUES (:job, :trigger, :scheduledFor, :startedBy, :host, :version, :jobFileSha256, :jobFile, :api, :contract,
                    :epoch, :planned, :horizon)
            RETURNING run_id
            """;

    private static final String CLOSE_RUN =
            """
            INSERT INTO audit.run_end (run_id, exit_code, explanation, applied, unchanged, superseded, rejected, conflict,
                                       expired, failed, pending, requests, throttled)
            SELECT :run, :exitCode, :explanation,
                   count(*) FILTER (WHERE status = 'APPLIED'),
                   count(*) FILTER (WHERE status = 'UNCHANGED'),
                   count(*) FILTER (WHERE status = 'SUPERSEDED'),
                   count(*) FILTER (WHERE status = 'REJECTED'),
                   count(*) FILTER (WHERE status = 'CONFLICT'),
                   count(*) FILTER (WHERE status = 'EXPIRED'),
                   count(*) FILTER (WHERE status = 'FAILED'),
                   :pending,
                   (SELECT count(*) FROM audit.attempt a WHERE a.run_id = :run),
                   (SELECT count(*) FROM audit.attempt a WHERE a.run_id = :run AND a.http_status = 429)
              FROM audit.outcome WHERE run_id = :run
            ON CONFLICT (run_id) DO NOTHING
            """;

    private static final String UNFINISHED_RUNS =
            """
            SELECT r.run_id FROM audit.run r
             WHERE NOT EXISTS (SELECT FROM audit.run_end e WHERE e.run_id = r.run_id)
             ORDER BY r.run_id
            """;

    private static final String APPEND_ATTEMPTS =
            """
            INSERT INTO audit.attempt (run_id, claim, change_ids, conversation_id, participant_id, purpose, method, path,
                                       request_sha256, started_at, took_micros, http_status, error_code, error_message,
                                       answer, correlation_id)
            SELECT :run, :claim, a.change_ids::bigint[], a.conversation_id, a.participant_id, a.purpose, a.method, a.path,
                   a.request_sha256, to_timestamp(0) + a.started_micros * interval '1 microsecond', a.took_micros,
                   a.http_status, a.error_code, a.error_message, a.answer, a.correlation_id
              FROM unnest(:changeIds::text[], :conversations::uuid[], :participants::uuid[], :purposes::text[],
                          :methods::text[], :paths::text[], :hashes::text[], :started::bigint[], :took::bigint[],
                          :statuses::int[], :codes::text[], :messages::text[], :answers::text[], :correlations::text[])
                       AS a (change_ids, conversation_id, participant_id, purpose, method, path, request_sha256,
                             started_micros, took_micros, http_status, error_code, error_message, answer, correlation_id)
            """;

    private static final String APPEND_OUTCOMES =
            """
            INSERT INTO audit.outcome (change_id, change_set_id, run_id, claim, conversation_id, participant_id,
                                       participant_role, corrected_role, attribute_name, before_value, requested_value,
                                       status, confirmed_by, http_status, error_code, error_message, correlation_id,
                                       attempts, in_doubt, requested_by, approved_by)
            SELECT o.change_id, o.change_set_id, :run, :claim, o.conversation_id, o.participant_id, o.participant_role,
                   o.corrected_role, o.attribute_name, o.before_value, o.requested_value, o.status, o.confirmed_by,
                   o.http_status, o.error_code, o.error_message, o.correlation_id, o.attempts, o.in_doubt,
                   o.requested_by, o.approved_by
              FROM unnest(:ids::bigint[], :sets::bigint[], :conversations::uuid[], :participants::uuid[], :roles::text[],
                          :correctedRoles::text[], :names::text[], :befores::text[], :values::text[], :statuses::text[],
                          :confirmations::text[], :httpStatuses::int[], :codes::text[], :messages::text[],
                          :correlations::text[], :attempts::int[], :inDoubt::boolean[], :requesters::text[],
                          :approvers::text[])
                       AS o (change_id, change_set_id, conversation_id, participant_id, participant_role, corrected_role,
                             attribute_name, before_value, requested_value, status, confirmed_by, http_status, error_code,
                             error_message, correlation_id, attempts, in_doubt, requested_by, approved_by)
            """;

    private static final String APPEND_EVENT =
            """
            INSERT INTO audit.event (actor, action, object, reason, detail)
            VALUES (:actor, :action, :object, :reason, :detail)
            """;

    private final JdbcClient jdbc;

    public AuditTrail(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
    }

    /// Records that a run begins.
    ///
    /// @return the run's id
    public long open(RunStart start) {
        return jdbc.sql(OPEN_RUN).paramSource(start.parameters()).query(Long.class).single();
    }

    /// Records how a run ended, with its counts. A second end of the same run is ignored.
    ///
    /// @param exitCode null for a run that died
    /// @param pending rows of its scope that still wait
    public void close(long run, @Nullable Integer exitCode, String explanation, long pending) {
        jdbc.sql(CLOSE_RUN)
                .param("run", run)
                .param("exitCode", exitCode)
                .param("explanation", explanation)
                .param("pending", pending)
                .update();
    }

    /// Runs that began and did not end: the one under way, and those that died.
    public List<Long> unfinishedRuns() {
        return jdbc.sql(UNFINISHED_RUNS).query((row, _) -> row.getLong("run_id")).list();
    }

    /// Records the requests of one claim and the terminal outcomes among its settlements.
    public void append(long run, long claim, List<Attempt> attempts, List<Settlement> settlements) {
        if (!attempts.isEmpty()) {
            new AttemptColumns(attempts)
                    .bind(jdbc.sql(APPEND_ATTEMPTS).param("run", run).param("claim", claim))
                    .update();
        }
        appendOutcomes(run, claim, settlements);
    }

    /// Records the outcome of a change that was withdrawn by hand.
    public void appendCancelled(AttributeChange change, Evidence reason) {
        appendOutcomes(
                null,
                null,
                List.of(
                        Settlement.unsent(
                                change, Disposition.Settled.as(ChangeState.CANCELLED), reason)));
    }

    /// Records what a person, or the product outside a run, did.
    public void append(Event event) {
        jdbc.sql(APPEND_EVENT)
                .param("actor", event.actor())
                .param("action", event.action())
                .param("object", event.object())
                .param("reason", event.reason())
                .param("detail", event.detail())
                .update();
    }

    private void appendOutcomes(
            @Nullable Long run, @Nullable Long claim, List<Settlement> settlements) {
        var columns = OutcomeColumns.of(settlements);
        if (!columns.isEmpty()) {
            columns.bind(jdbc.sql(APPEND_OUTCOMES).param("run", run).param("claim", claim))
                    .update();
        }
    }
}
