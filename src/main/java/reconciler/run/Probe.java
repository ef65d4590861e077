package reconciler.run;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.audit.RunStart;
import reconciler.change.AttributeChange;
import reconciler.change.Lane;
import reconciler.change.ParticipantChanges;
import reconciler.outcome.Settlement;
import reconciler.outcome.Turn;
import reconciler.patch.ApiSettings;
import reconciler.patch.AttributePatcher;
import reconciler.patch.PreparedRequest;
import reconciler.queue.ClaimedPage;

/// One row by hand, with what it is applied with or not at all: the request that would be sent, and
/// on demand the row's whole way through the same books as a run.
public final class Probe {
    private final RunContext.Records records;
    private final ApiSettings api;
    private final Reconciliation.Identity identity;
    private final Patchers patchers;

    public Probe(
            DataSource dataSource,
            ApiSettings api,
            Reconciliation.Identity identity,
            InstantSource clock) {
        this.records = RunContext.Records.of(dataSource, Lane.RUN);
        this.api = api;
        this.identity = identity;
        this.patchers = new Patchers(dataSource, api, clock, new Random());
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

    /// Claims the change and what it is applied with, sends it, settles it.
    ///
    /// @return what came of it; null when it is not PENDING, and then nothing was sent
    /// @throws LeaseHeld when a run is under way
    public @Nullable Turn send(JobFile job, long change, String startedBy, StopSignal stop) {
        try (Lease lease =
                        Lease.acquire(
                                records.leases(),
                                identity.owner("probe"),
                                job.api().timeout(),
                                stop,
                                System::nanoTime);
                AttributePatcher patcher =
                        patchers.open(
                                job, new RunClearance(stop, lease, job.api().timeout()), stop)) {
            new DeadRuns(records).bury(lease);
            ClaimedPage page = records.queue().claim(change);
            if (page == null) {
                return null;
            }
            long run =
                    records.trail()
                            .open(
                                    identity.start(
                                            job,
                                            api,
                                            lease,
                                            RunStart.Trigger.PROBE,
                                            null,
                                            startedBy,
                                            1,
                                            change));
            var changes =
                    new ParticipantChanges(
                            page.rows().stream().map(ClaimedPage.Row::change).toList());
            var intents = IntentLog.of(records, lease, run, job, stop).of(page.claim());
            Turn turn =
                    patcher.patch(changes, patcher.newPage(List.of(changes), intents, Map.of()));
            settle(run, lease, page.claim(), turn);
            return turn;
        }
    }

    private void settle(long run, Lease lease, long claim, Turn turn) {
        var transaction = new TransactionTemplate(new JdbcTransactionManager(records.dataSource()));
        transaction.executeWithoutResult(_ -> {
            lease.confirm();
            records.queue().settle(claim, turn.settlements());
            records.intents().close(claim);
            records.trail().append(run, "probe", claim, turn.attempts(), turn.settlements());
        });
        ExitCode exitCode = exitCode(turn);
        records.trail()
                .close(run, exitCode.code(), "one change by hand", exitCode == ExitCode.OK ? 0 : 1);
    }

    /// How the command ends: 0 when the change is in force.
    public static ExitCode exitCode(Turn turn) {
        return turn.settlements().stream()
                        .map(Settlement::disposition)
                        .map(BatchCounter::of)
                        .allMatch(counter ->
                                counter == BatchCounter.WRITE || counter == BatchCounter.FILTER)
                ? ExitCode.OK
                : ExitCode.NOT_APPLIED;
    }
}
