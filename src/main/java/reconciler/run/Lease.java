package reconciler.run;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import reconciler.queue.Fence;

/// A lease that this process holds and keeps renewing until it is closed.
///
/// A request is sent only while the lease outlives the call's time-out ([#covers]), so when the
/// lease has expired every call of this process is over, and whoever takes over may trust what it
/// reads from the API.
final class Lease implements Fence, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
    private static final Duration RENEWAL = Duration.ofSeconds(1);

    private final Leases leases;
    private final Leases.Taken taken;
    private final Duration ttl;
    private final StopSignal stop;
    private final LongSupplier nanoTime;
    private final ScheduledExecutorService renewals;
    private final ClockSteps clockSteps = new ClockSteps();
    private volatile long deadline;
    private volatile Supplier<@Nullable Pulse> pulse = () -> null;
    private volatile @Nullable ClockStep clockStep;
    private boolean failing;

    private Lease(Leases leases, Leases.Taken taken, Duration ttl, StopSignal stop) {
        this.leases = leases;
        this.taken = taken;
        this.ttl = ttl;
        this.stop = stop;
        this.nanoTime = leases.nanoTime();
        this.deadline = taken.since() + ttl.toNanos();
        this.renewals =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("lease").daemon().factory());
    }

    /// Takes the lease and begins to renew it every second. Waits for one that has expired until
    /// its holder is certainly gone.
    ///
    /// @param token random, for this lease alone
    /// @param callTimeout the longest a request may take
    /// @throws LeaseHeld when somebody else holds it
    static Lease acquire(
            Leases leases, String owner, UUID token, Duration callTimeout, StopSignal stop) {
        Duration ttl = callTimeout.plus(RENEWAL.multipliedBy(3));
        var lease =
                new Lease(leases, leases.takeOver().acquire(owner, token, ttl, stop), ttl, stop);
        var _ =
                lease.renewals.scheduleWithFixedDelay(
                        lease::renew,
                        RENEWAL.toMillis(),
                        RENEWAL.toMillis(),
                        TimeUnit.MILLISECONDS);
        return lease;
    }

    long epoch() {
        return taken.tenure().epoch();
    }

    /// Lets time pass until the calls of any holder are over that this server may not know of.
    ///
    /// @return false when the run is to end instead
    boolean outlastOthers() {
        return stop.pause(taken.before().compareTo(ttl) > 0 ? taken.before() : ttl);
    }

    /// Whether a call that begins now is over before the lease can expire, by this machine's
    /// monotonic clock.
    boolean covers(Duration call) {
        return deadline - nanoTime.getAsLong() > call.toNanos();
    }

    /// In the caller's transaction.
    ///
    /// @throws LeaseLost when another run has taken over
    @Override
    public void confirm() {
        leases.confirm(taken.tenure());
    }

    /// @param watched how the run goes, told with each renewal
    void serves(long run, Supplier<@Nullable Pulse> watched) {
        leases.nameRun(taken.tenure(), run);
        pulse = watched;
    }

    @Override
    public void close() {
        renewals.shutdownNow();
        leases.release(taken.tenure());
    }

    /// The last step of the database's clock while the lease was held; null when it was not set.
    @Nullable ClockStep clockStep() {
        return clockStep;
    }

    /// Somebody at a desk may want the run to end.
    private void listen() {
        StopRequest request = leases.beats().tell(taken.tenure(), pulse.get());
        if (request != null) {
            stop.raise(ExitCode.STOPPED, request.inWords());
        }
    }

    private void renew() {
        long before = nanoTime.getAsLong();
        try {
            Instant theirs = leases.renew(taken.tenure(), ttl);
            if (theirs != null) {
                deadline = before + ttl.toNanos();
                failing = false;
                watchTheClock(theirs, before);
                listen();
            } else {
                stop.raise(
                        ExitCode.LOCKED, String.valueOf(leases.lost(taken.tenure()).getMessage()));
            }
        } catch (RuntimeException unreachable) {
            // Not lost yet: calls stop by themselves when the deadline comes near, and a later
            // renewal may succeed.
            if (!failing) {
                LOG.warn(
                        "the lease cannot be renewed: {}",
                        NestedExceptionUtils.getMostSpecificCause(unreachable).getMessage());
            }
            failing = true;
        }
    }

    private void watchTheClock(Instant theirs, long before) {
        Duration step = clockSteps.saw(theirs, before, nanoTime.getAsLong());
        if (step != null) {
            var noticed = new ClockStep(theirs, step);
            LOG.warn("the database's clock was set {}; deadlines go by it", noticed.inWords());
            clockStep = noticed;
            leases.tellClockStep(taken.tenure(), step);
        }
    }
}
