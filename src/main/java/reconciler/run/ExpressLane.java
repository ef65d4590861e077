package reconciler.run;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reconciler.audit.RunStart;
import reconciler.change.Lane;
import reconciler.patch.ApiSettings;
import reconciler.patch.AttributePatcher;
import reconciler.queue.Scope;

/// Applies what carries an apply-by as soon as it is queued, beside whatever run is under way: in
/// pages and runs of its own, under a lease of its own, at the pace that is everybody's.
///
/// One process at a time serves the lane. Another one waits for its lease, and so takes over when
/// the first is gone.
public final class ExpressLane {
    /// Where the database says that something urgent was queued.
    public static final String CHANNEL = "reconciler_urgent";

    private static final Logger LOG = LoggerFactory.getLogger(ExpressLane.class);

    /// Who starts its runs.
    private static final String OURSELVES = "express lane";

    /// What is claimed ahead may take so much of the memory.
    private static final int SHARE_OF_MEMORY = 16;

    /// After what kept the lane from working; twice as long after each time in a row.
    private static final Duration SHORT_REST = Duration.ofSeconds(5);

    private static final int MOST_DOUBLINGS = 6;

    /// Who worked for so long was not kept from it.
    private static final long LONG_ENOUGH = Duration.ofMinutes(10).toNanos();

    private static final Duration BETWEEN_LOOKS_AT_THE_LEASE = Duration.ofSeconds(1);
    private static final Duration QUIET = Duration.ofSeconds(1);

    private final RunContext.Records records;
    private final ApiSettings api;
    private final Reconciliation.Identity identity;
    private final Patchers patchers;
    private final Supplier<Bell> bells;

    /// @param bells rings at [#CHANNEL]
    public ExpressLane(
            DataSource dataSource,
            ApiSettings api,
            Reconciliation.Identity identity,
            RandomGenerator random,
            Supplier<Bell> bells) {
        this.records = RunContext.Records.of(dataSource, Lane.EXPRESS);
        this.api = api;
        this.identity = identity;
        this.patchers = new Patchers(dataSource, api, random);
        this.bells = bells;
    }

    /// Rings when something urgent was queued. It may ring for nothing, and be deaf for a while.
    public interface Bell extends AutoCloseable {
        /// Waits for a ring, no longer than `most`.
        ///
        /// @throws SQLException when it is deaf; to be asked again after a while
        boolean rang(Duration most) throws SQLException;

        /// Also while somebody waits for a ring.
        @Override
        void close();
    }

    /// Who is told how it goes.
    ///
    /// @param said how a run ended, or why the lane rests
    /// @param failed what keeps the lane from working for now
    public record Watcher(Consumer<String> said, Consumer<RuntimeException> failed) {}

    /// Serves the lane until `stop` is raised. What keeps it from working is told, and tried again.
    ///
    /// @param job with [JobFile#express]
    public void work(JobFile job, StopSignal stop, Watcher watcher) {
        boolean waiting = false;
        int failures = 0;
        while (!stop.isRaised()) {
            long before = System.nanoTime();
            boolean elsewhere = isServedElsewhere(job, stop, watcher);
            if (elsewhere && !waiting) {
                watcher.said().accept("the express lane is served by another process");
            }
            waiting = elsewhere;
            failures = elsewhere || System.nanoTime() - before > LONG_ENOUGH ? 0 : failures + 1;
            stop.pause(elsewhere ? BETWEEN_LOOKS_AT_THE_LEASE : rest(failures));
        }
    }

    private static Duration rest(int failures) {
        return SHORT_REST.multipliedBy(1L << Math.clamp(failures - 1L, 0, MOST_DOUBLINGS));
    }

    /// @return true when nothing could be done, because somebody else holds the lease
    private boolean isServedElsewhere(JobFile job, StopSignal stop, Watcher watcher) {
        StopSignal ofThis = stop.child();
        try {
            serve(job, ofThis, watcher);
            StopSignal.Reason ended = ofThis.reason();
            if (ended != null && !stop.isRaised()) {
                watcher.said().accept("the express lane rests: " + ended.message());
            }
            return false;
        } catch (LeaseHeld _) {
            return true;
        } catch (RuntimeException failure) {
            watcher.failed().accept(failure);
            return false;
        } finally {
            stop.forget(ofThis);
        }
    }

    private void serve(JobFile job, StopSignal stop, Watcher watcher) {
        try (Lease lease =
                        Lease.acquire(
                                records.leases(),
                                identity.owner(job.job()),
                                identity.tokens().get(),
                                job.api().timeout(),
                                stop);
                AttributePatcher patcher =
                        patchers.openForFew(
                                job, new RunClearance(stop, lease, job.api().timeout()), stop);
                Bell bell = bells.get()) {
            String found = new DeadRuns(records).bury(lease).inWords(null);
            if (found != null) {
                watcher.said().accept("the express lane " + found);
            }
            demandReady(patcher, job);
            long share = Runtime.getRuntime().maxMemory() / SHARE_OF_MEMORY;
            var backlog = new Backlog(job.api().inFlight(), share);
            var duty = new ExpressDuty(records, job, lease, patcher, backlog, stop);
            var session =
                    new ExpressSession(
                            duty,
                            new ExpressClaims(
                                    duty, Objects.requireNonNull(job.express()), System::nanoTime),
                            scope -> records.open(lease, start(job, lease, scope)),
                            watcher.said(),
                            System::nanoTime);
            Thread.ofPlatform().daemon().name("doorbell").start(() -> listen(bell, session, stop));
            session.serve();
            leave(patcher, job, ExitCode.OK, "nothing urgent came");
        } finally {
            stop.raise(ExitCode.STOPPED, "the express lane ended");
        }
    }

    /// Without a connection the session still looks by itself.
    private static void listen(Bell bell, ExpressSession session, StopSignal stop) {
        boolean deaf = false;
        while (!stop.isRaised()) {
            try {
                if (bell.rang(QUIET)) {
                    session.ring();
                }
                deaf = false;
            } catch (SQLException away) {
                if (!deaf && !stop.isRaised()) {
                    LOG.warn(
                            "no notification of urgent changes arrives, so they are looked for instead: {}",
                            away.getMessage());
                }
                deaf = true;
                stop.pause(QUIET);
            }
        }
    }

    private void demandReady(AttributePatcher patcher, JobFile job) {
        try {
            ApiCheck.demandReady(patcher.check());
        } catch (ApiUnusable unusable) {
            leave(patcher, job, unusable.exitCode(), String.valueOf(unusable.getMessage()));
            throw unusable;
        }
    }

    /// What was sent outside of a run.
    private void leave(AttributePatcher patcher, JobFile job, ExitCode exitCode, String how) {
        LookBook.leave(
                records.dataSource(),
                () -> new Looker(identity, OURSELVES).start(job, api, RunStart.Trigger.CHECK),
                patcher.tokenRequests(),
                exitCode,
                how);
    }

    private RunStart start(JobFile job, Lease lease, Scope scope) {
        return identity.start(
                job,
                api,
                lease.epoch(),
                RunStart.Trigger.EXPRESS,
                null,
                OURSELVES,
                0,
                scope.horizon());
    }
}
