package reconciler.audit;

import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
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

    /// One round trip for a whole chunk. Every row gets its leaf from a trigger; the seal at the
    /// end covers what was stored, not what was meant. Salts are made here and kept beside the
    /// values.
    private static final String APPEND_CHUNK =
            """
            WITH seal AS MATERIALIZED (
                SELECT nextval('audit.seal_seq') AS seal_id
            ), sent AS (
                INSERT INTO audit.attempt (seal_id, run_id, claim, change_ids, conversation_id, participant_id, purpose, method,
                                           path, request_sha256, started_at, took_micros, http_status, error_code,
                                           error_message, answer, correlation_id)
                SELECT seal_id, :run, :claim, a.change_ids::bigint[], a.conversation_id, a.participant_id, a.purpose, a.method,
                       a.path, a.request_sha256, to_timestamp(0) + a.started_micros * interval '1 microsecond',
                       a.took_micros, a.http_status, a.error_code, a.error_message, a.answer, a.correlation_id
                  FROM seal,
                       unnest(:sentFor::text[], :sentConversations::uuid[], :sentParticipants::uuid[], :purposes::text[],
                              :methods::text[], :paths::text[], :hashes::text[], :started::bigint[], :took::bigint[],
                              :answered::int[], :sentCodes::text[], :sentMessages::text[], :answers::text[],
                              :sentCorrelations::text[])
                           AS a (change_ids, conversation_id, participant_id, purpose, method, path, request_sha256,
                                 started_micros, took_micros, http_status, error_code, error_message, answer,
                                 correlation_id)
                RETURNING attempt_id, change_ids, leaf
            ), evidence AS (
                SELECT c.change_id, sha256(string_agg(s.leaf, ''::bytea ORDER BY s.attempt_id)) AS hash
                  FROM sent s, unnest(s.change_ids) AS c (change_id)
                 GROUP BY c.change_id
            ), given AS MATERIALIZED (
                SELECT o.*,
                       CASE WHEN o.before_value IS NOT NULL THEN uuid_send(gen_random_uuid()) END AS before_salt,
                       uuid_send(gen_random_uuid()) AS requested_salt
                  FROM unnest(:ids::bigint[], :sets::bigint[], :conversations::uuid[], :participants::uuid[], :roles::text[],
                              :correctedRoles::text[], :names::text[], :befores::text[], :values::text[],
                              :statuses::text[], :confirmations::text[], :httpStatuses::int[], :codes::text[],
                              :messages::text[], :correlations::text[], :attempts::int[], :inDoubt::boolean[],
                              :requesters::text[], :approvers::text[])
                           AS o (change_id, change_set_id, conversation_id, participant_id, participant_role,
                                 corrected_role, attribute_name, before_value, requested_value, status, confirmed_by,
                                 http_status, error_code, error_message, correlation_id, attempts, in_doubt, requested_by,
                                 approved_by)
            ), stored AS (
                INSERT INTO audit.outcome (seal_id, change_id, change_set_id, run_id, claim, conversation_id, participant_id,
                                           participant_role, corrected_role, attribute_name, before_commit,
                                           requested_commit, status, confirmed_by, http_status, error_code, error_message,
                                           correlation_id, attempts, in_doubt, requested_by, approved_by, evidence)
                SELECT seal_id, g.change_id, g.change_set_id, :run, :claim, g.conversation_id, g.participant_id,
                       g.participant_role, g.corrected_role, g.attribute_name,
                       sha256(g.before_salt || convert_to(g.before_value, 'UTF8')),
                       sha256(g.requested_salt || convert_to(g.requested_value, 'UTF8')),
                       g.status, g.confirmed_by, g.http_status, g.error_code, g.error_message, g.correlation_id, g.attempts,
                       g.in_doubt, g.requested_by, g.approved_by, e.hash
                  FROM seal, given g LEFT JOIN evidence e USING (change_id)
                RETURNING outcome_id, change_id, occurred_at, leaf
            ), clear AS (
                INSERT INTO audit.value (outcome_id, seal_id, before_salt, before_value, requested_salt, requested_value,
                                         occurred_at)
                SELECT s.outcome_id, seal_id, g.before_salt, g.before_value, g.requested_salt, g.requested_value, s.occurred_at
                  FROM seal, stored s JOIN given g USING (change_id)
            )
            """;

    private static final String SEAL_CHUNK =
            """
            SELECT audit.seal_chunk(seal_id, :run, :part,
                                    ARRAY(SELECT leaf FROM sent ORDER BY attempt_id),
                                    ARRAY(SELECT leaf FROM stored ORDER BY outcome_id))
              FROM seal
            """;

    private static final String SEAL_WITHDRAWN =
            "SELECT audit.seal_withdrawn(seal_id, ARRAY(SELECT leaf FROM stored ORDER BY outcome_id)) FROM seal";

    private static final String LOCK_JOURNAL = "SELECT audit.lock_journal()";

    private static final String ENSURE_PARTITIONS = "SELECT audit.ensure_partitions()";

    private static final String HEAD =
            "SELECT number, hash, sealed_at FROM audit.seal WHERE chain = 'journal' ORDER BY number DESC LIMIT 1";

    private static final String APPEND_EVENT =
            """
            INSERT INTO audit.event (actor, action, object, reason, detail)
            VALUES (:actor, :action, :object, :reason, :detail)
            """;

    private final JdbcClient jdbc;

    /// The caller's where there is one.
    private final TransactionTemplate transaction;

    public AuditTrail(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
        transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    }

    /// Records that a run begins, and sees to it that the coming months have partitions.
    ///
    /// @return the run's id
    public long open(RunStart start) {
        jdbc.sql(ENSURE_PARTITIONS).query().singleRow();
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

    /// Records the requests of one claim and the terminal outcomes among its settlements, and seals
    /// them as the next link of the part's chain. One thread at a time per part of a run.
    ///
    /// @param part what the run divides itself into, for example a partition
    public void append(
            long run,
            String part,
            long claim,
            List<Attempt> attempts,
            List<Settlement> settlements) {
        append(
                SEAL_CHUNK,
                new Chunk(run, claim),
                new AttemptColumns(attempts),
                OutcomeColumns.of(settlements),
                statement -> statement.param("part", part));
    }

    /// Records the outcome of a change that was withdrawn by hand.
    public void appendCancelled(AttributeChange change, Evidence reason) {
        transaction.executeWithoutResult(_ -> {
            jdbc.sql(LOCK_JOURNAL).query().singleRow();
            append(
                    SEAL_WITHDRAWN,
                    new Chunk(null, null),
                    new AttemptColumns(List.of()),
                    OutcomeColumns.of(
                            List.of(
                                    Settlement.unsent(
                                            change,
                                            Disposition.Settled.as(ChangeState.CANCELLED),
                                            reason))),
                    statement -> statement);
        });
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

    /// The journal's last seal. It stands for everything recorded so far; kept elsewhere it shows
    /// what was cut off later.
    public Head head() {
        return jdbc.sql(HEAD)
                .query((row, _) ->
                        new Head(
                                row.getLong("number"),
                                HexFormat.of().formatHex(row.getBytes("hash")),
                                row.getObject("sealed_at", OffsetDateTime.class).toInstant()))
                .optional()
                .orElse(Head.NONE);
    }

    private record Chunk(@Nullable Long run, @Nullable Long claim) {}

    private void append(
            String seal,
            Chunk chunk,
            AttemptColumns attempts,
            OutcomeColumns outcomes,
            UnaryOperator<StatementSpec> more) {
        if (!attempts.isEmpty() || !outcomes.isEmpty()) {
            StatementSpec statement =
                    jdbc.sql(APPEND_CHUNK + seal)
                            .param("run", chunk.run(), Types.BIGINT)
                            .param("claim", chunk.claim(), Types.BIGINT);
            more.apply(outcomes.bind(attempts.bind(statement))).query().singleRow();
        }
    }
}
