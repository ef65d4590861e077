package reconciler.run;

import java.time.Duration;
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
    private final long epoch;
    private final Duration ttl;
    private final StopSignal stop;
    private final LongSupplier nanoTime;
    private final ScheduledExecutorService renewals;
    private volatile long deadline;
    private volatile Supplier<@Nullable Pulse> pulse = () -> null;
    private boolean failing;

    private Lease(
            Leases leases,
            long epoch,
            long since,
            Duration ttl,
            StopSignal stop,
            LongSupplier nanoTime) {
        this.leases = leases;
        this.epoch = epoch;
        this.ttl = ttl;
        this.stop = stop;
        this.nanoTime = nanoTime;
        this.deadline = since + ttl.toNanos();
        this.renewals =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("lease").daemon().factory());
    }

    /// Takes the lease and begins to renew it every second.
    ///
    /// @param callTimeout the longest a request may take
    /// @throws LeaseHeld when somebody else holds it
    static Lease acquire(
            Leases leases,
            String owner,
            Duration callTimeout,
            StopSignal stop,
            LongSupplier nanoTime) {
        Duration ttl = callTimeout.plus(RENEWAL.multipliedBy(3));
        long before = nanoTime.getAsLong();
        var lease = new Lease(leases, leases.acquire(owner, ttl), before, ttl, stop, nanoTime);
        var _ =
                lease.renewals.scheduleWithFixedDelay(
                        lease::renew,
                        RENEWAL.toMillis(),
                        RENEWAL.toMillis(),
                        TimeUnit.MILLISECONDS);
        return lease;
    }

    long epoch() {
        return epoch;
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
        leases.confirm(epoch);
    }

    /// @param watched how the run goes, told with each renewal
    void serves(long run, Supplier<@Nullable Pulse> watched) {
        leases.nameRun(epoch, run);
        pulse = watched;
    }

    @Override
    public void close() {
        renewals.shutdownNow();
        leases.release(epoch);
    }

    /// Somebody at a desk may want the run to end.
    private void listen() {
        StopRequest request = leases.beats().tell(epoch, pulse.get());
        if (request != null) {
            stop.raise(ExitCode.STOPPED, request.inWords());
        }
    }

    private void renew() {
        long before = nanoTime.getAsLong();
        try {
            if (leases.renew(epoch, ttl)) {
                deadline = before + ttl.toNanos();
                failing = false;
                listen();
            } else {
                stop.raise(ExitCode.LOCKED, LeaseLost.message(leases.name(), epoch));
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
}
