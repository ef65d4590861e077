package reconciler.audit;

import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.change.AttributeChange;
import reconciler.change.ChangeState;
import reconciler.change.Lane;
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
                                   contract, epoch, planned, horizon, approval_rule)
            VALUES (:job, :trigger, :scheduledFor, :startedBy, :host, :version, :jobFileSha256, :jobFile, :api, :contract,
                    :epoch, :planned, :horizon,
                    CASE WHEN :approveAll THEN 'required'
                         WHEN :aboveRows::int IS NULL AND cardinality(:attributes::text[]) = 0 THEN 'none'
                         ELSE jsonb_strip_nulls(jsonb_build_object('above-rows', :aboveRows::int,
                                                                   'attributes', :attributes::text[]))::text END)
            RETURNING run_id
            """;

    /// The run as two bounds that the planner does not know: it takes them for 0.5 % of the rows
    /// whatever the statistics say, and walks the index.
    private static final String CLOSE_RUN =
            """
            INSERT INTO audit.run_end (run_id, exit_code, explanation, applied, unchanged, superseded, rejected, conflict,
                                       expired, failed, pending, requests, throttled)
            SELECT :run, :exitCode, :explanation, o.applied, o.unchanged, o.superseded, o.rejected, o.conflict, o.expired,
                   o.failed, :pending, a.requests, a.throttled
              FROM unnest(ARRAY[:run::bigint]) AS runs (id)
             CROSS JOIN LATERAL (
                    SELECT count(*) FILTER (WHERE status = 'APPLIED') AS applied,
                           count(*) FILTER (WHERE status = 'UNCHANGED') AS unchanged,
                           count(*) FILTER (WHERE status = 'SUPERSEDED') AS superseded,
                           count(*) FILTER (WHERE status = 'REJECTED') AS rejected,
                           count(*) FILTER (WHERE status = 'CONFLICT') AS conflict,
                           count(*) FILTER (WHERE status = 'EXPIRED') AS expired,
                           count(*) FILTER (WHERE status = 'FAILED') AS failed
                      FROM audit.outcome WHERE run_id >= runs.id AND run_id <= runs.id) AS o
             CROSS JOIN LATERAL (
                    SELECT count(*) AS requests, count(*) FILTER (WHERE http_status = 429) AS throttled
                      FROM audit.attempt
                     WHERE run_id >= runs.id AND run_id <= runs.id AND purpose <> 'TOKEN') AS a
            ON CONFLICT (run_id) DO NOTHING
            """;

    /// By the keys alone: a run's row holds its job file.
    private static final String UNFINISHED_RUNS =
            """
            SELECT u.run_id
              FROM (SELECT r.run_id
                      FROM audit.run r
                     WHERE NOT EXISTS (SELECT FROM audit.run_end e WHERE e.run_id = r.run_id)
                    OFFSET 0) AS u
             CROSS JOIN LATERAL (SELECT r.trigger FROM audit.run r WHERE r.run_id = u.run_id OFFSET 0) AS t
             WHERE (t.trigger = 'express') = :express AND t.trigger <> ALL (:looks)
             ORDER BY u.run_id
            """;

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
    private final SealedChunks chunks;

    /// The caller's where there is one.
    private final TransactionTemplate transaction;

    public AuditTrail(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
        chunks = new SealedChunks(jdbc);
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

    /// Runs of a lane that began and did not end: the one under way, and those that died. Looks are
    /// of no lane.
    public List<Long> unfinishedRuns(Lane lane) {
        return jdbc.sql(UNFINISHED_RUNS)
                .param("express", lane.isExpress())
                .param("looks", RunStart.Trigger.looks())
                .query((row, _) -> row.getLong("run_id"))
                .list();
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
        chunks.append(run, part, claim, attempts, settlements);
    }

    /// Records the outcome of a change that was withdrawn by hand.
    public void appendCancelled(AttributeChange change, Evidence reason) {
        appendCancelled(List.of(change), reason);
    }

    /// Records the outcomes of changes that were withdrawn by hand, under one seal.
    public void appendCancelled(List<AttributeChange> changes, Evidence reason) {
        transaction.executeWithoutResult(_ -> {
            jdbc.sql(LOCK_JOURNAL).query().singleRow();
            chunks.appendWithdrawn(
                    changes.stream()
                            .map(change ->
                                    Settlement.unsent(
                                            change,
                                            Disposition.Settled.as(ChangeState.CANCELLED),
                                            reason))
                            .toList());
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
}
