package reconciler.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.audit.RunStart;
import reconciler.change.AttributeChange;
import reconciler.change.Lane;
import reconciler.change.ParticipantChanges;
import reconciler.outcome.Attempt;
import reconciler.outcome.Disposition;
import reconciler.outcome.Settlement;
import reconciler.outcome.Turn;
import reconciler.patch.ApiSettings;
import reconciler.patch.AttributePatcher;
import reconciler.patch.LooseAttempts;
import reconciler.patch.PreparedRequest;
import reconciler.queue.ClaimedPage;
import reconciler.queue.HandClaim;
import reconciler.queue.Obstacle;
import reconciler.queue.Scope;
import reconciler.queue.SetAsides;

/// One row by hand, with what it is applied with or not at all: the request that would be sent, and
/// on demand the row's whole way through the same rules and books as a run.
public final class Probe {
    private final RunContext.Records records;
    private final ApiSettings api;
    private final Reconciliation.Identity identity;
    private final Patchers patchers;

    public Probe(DataSource dataSource, ApiSettings api, Reconciliation.Identity identity) {
        this.records = RunContext.Records.of(dataSource, Lane.RUN);
        this.api = api;
        this.identity = identity;
        this.patchers = new Patchers(dataSource, api, new Random());
    }

    /// The request for a change; null when there is no such change. Sends and changes nothing.
    public @Nullable PreparedRequest prepare(JobFile job, long change) {
        List<AttributeChange> found = records.queue().read(change);
        if (found.isEmpty()) {
            return null;
        }
        var stop = new StopSignal();
        try (AttributePatcher patcher = patchers.open(job, () -> false, stop)) {
            return patcher.prepare(new ParticipantChanges(found));
        }
    }

    /// What came of a change, and of older ones that it takes the place of.
    ///
    /// @param exitCode how the command ends
    /// @param stopped why it was not sent; null when it was, or is put off for another reason
    public record Sent(Turn turn, ExitCode exitCode, StopSignal.@Nullable Reason stopped) {}

    /// Claims the change and what it is applied with, sends it, settles it. What a run of the job
    /// would leave alone is left alone.
    ///
    /// @param change one that is there
    /// @throws Contradiction when it must not be sent; nothing was sent then
    /// @throws LeaseHeld when a run is under way
    public Sent send(JobFile job, long change, String startedBy, StopSignal stop) {
        try (Lease lease =
                        Lease.acquire(
                                records.leases(),
                                identity.owner("probe"),
                                identity.tokens().get(),
                                job.api().timeout(),
                                stop);
                AttributePatcher patcher =
                        patchers.open(
                                job, new RunClearance(stop, lease, job.api().timeout()), stop)) {
            new DeadRuns(records).bury(lease);
            ClaimedPage page = claim(job, change, lease);
            RunStart start =
                    identity.start(
                            job,
                            api,
                            lease.epoch(),
                            RunStart.Trigger.PROBE,
                            null,
                            startedBy,
                            page.rows().size(),
                            change);
            long run = records.open(lease, start);
            var dispatch =
                    new Dispatch(
                            patcher,
                            IntentLog.of(records, lease, run, job, stop),
                            new Backlog(1, Long.MAX_VALUE),
                            Doubts.of(records, job.api().timeout()));
            return settled(
                    run,
                    lease,
                    page.claim(),
                    end(dispatch.send(page)),
                    patcher.tokenRequests(),
                    stop);
        }
    }

    private ClaimedPage claim(JobFile job, long change, Lease lease) {
        demandNotAside(change);
        ClaimedPage page = taken(job, change, lease);
        ClaimedPage fit = new Screening(records, lease).fit(page);
        if (fit.rows().size() < page.rows().size()) {
            demandNotAside(change);
        }
        return fit;
    }

    private void demandNotAside(long change) {
        SetAsides.Held held = records.setAsides().of(change);
        if (held != null) {
            throw new Contradiction(
                    "change "
                            + change
                            + " is set aside: "
                            + held.reason()
                            + "; `reconciler explain "
                            + change
                            + "` says what to do");
        }
    }

    private ClaimedPage taken(JobFile job, long change, Lease lease) {
        JobFile.Selection select = job.select();
        Scope scope = records.due().scopeNow(Set.copyOf(select.roles()), select.approval());
        return switch (records.queue().behind(lease).claim(change, scope)) {
            case HandClaim.Taken(ClaimedPage page) -> page;
            case HandClaim.Refused(Obstacle obstacle) ->
                    throw new Contradiction(new NotByHand(job.job(), change).because(obstacle));
        };
    }

    /// Waits for what is on the wire; what is only superseded comes first.
    private static Turn end(SentPage sent) {
        sent.end().join();
        List<Settlement> settlements = new ArrayList<>(PageBooks.superseded(sent.page()));
        List<Attempt> attempts = new ArrayList<>();
        for (Turn turn : sent.ended()) {
            settlements.addAll(turn.settlements());
            attempts.addAll(turn.attempts());
        }
        return new Turn(settlements, attempts);
    }

    private Sent settled(
            long run,
            Lease lease,
            long claim,
            Turn came,
            LooseAttempts tokenRequests,
            StopSignal stop) {
        var transaction = new TransactionTemplate(new JdbcTransactionManager(records.dataSource()));
        Turn turn =
                transaction.execute(_ -> {
                    lease.confirm();
                    tokenRequests.enter(
                            sent -> records.trail().append(run, "token", 0, sent, List.of()));
                    List<Settlement> decided = records.expiries().decide(came.settlements());
                    Entered entered =
                            new Settling(records, lease, run, "probe")
                                    .settle(claim, came.attempts(), decided);
                    return new Turn(entered.settled(), came.attempts());
                });
        Sent sent = sent(turn, stop);
        String explanation =
                sent.stopped() == null
                        ? "one change by hand"
                        : "one change by hand: " + sent.stopped().message();
        records.trail().close(run, sent.exitCode().code(), explanation, pending(turn));
        came.settlements().forEach(settlement -> demandNotAside(settlement.change().id()));
        return sent;
    }

    private static long pending(Turn turn) {
        return turn.settlements().stream()
                .filter(settlement ->
                        BatchCounter.of(settlement.disposition()) == BatchCounter.NONE)
                .count();
    }

    /// 0 when the change is in force; what kept it from being sent otherwise, if anything did.
    private static Sent sent(Turn turn, StopSignal stop) {
        if (turn.settlements().stream().map(Settlement::disposition).allMatch(Probe::isInForce)) {
            return new Sent(turn, ExitCode.OK, null);
        }
        StopSignal.Reason stopped = pending(turn) > 0 ? stop.reason() : null;
        return new Sent(turn, stopped == null ? ExitCode.NOT_APPLIED : stopped.exitCode(), stopped);
    }

    private static boolean isInForce(Disposition disposition) {
        BatchCounter counter = BatchCounter.of(disposition);
        return counter == BatchCounter.WRITE || counter == BatchCounter.FILTER;
    }
}
