package reconciler.run;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reconciler.queue.ClaimedPage;
import reconciler.queue.Scope;

/// Looks for what is urgent, and takes it. Used by one thread.
final class ExpressClaims {
    /// For rows that become urgent without being told of: by time, by an approval, by the end of a
    /// pause; and for those whose notification was lost.
    private static final Duration GLANCE = Duration.ofMillis(500);

    /// There is something, but its participants are in flight.
    private static final Duration BETWEEN_SWEEPS = Duration.ofMillis(50);

    /// Looking is not to take more than a tenth of the time.
    private static final int REST = 10;

    private final ExpressDuty duty;
    private final DeadRuns beside;
    private final JobFile.Express express;
    private final LongSupplier nanoTime;
    private Duration rest = GLANCE;
    private boolean full;

    ExpressClaims(ExpressDuty duty, JobFile.Express express, LongSupplier nanoTime) {
        this.duty = duty;
        this.beside = new DeadRuns(duty.records().beside());
        this.express = express;
        this.nanoTime = nanoTime;
    }

    /// Rows that are in our hands, out of a scope.
    record Taken(Scope scope, ClaimedPage page) {}

    /// Takes the most urgent rows; null when there are none to be had now.
    @Nullable Taken next() {
        rest = GLANCE;
        full = false;
        // what is claimed while the lease is about to expire could not be sent
        if (duty.stop().isRaised() || !duty.lease().covers(duty.job().api().timeout())) {
            return null;
        }
        if (!duty.backlog().mayClaimAhead()) {
            full = true;
            return null;
        }
        try {
            return claim();
        } finally {
            duty.backlog().claimed();
        }
    }

    private @Nullable Taken claim() {
        long before = nanoTime.getAsLong();
        Scope scope = duty.scope();
        Instant by = express.by(scope.asOf());
        if (!duty.records().due().isUrgent(scope, by)) {
            rest = atLeast(GLANCE, nanoTime.getAsLong() - before);
            return null;
        }
        // what can still come in time before what is only to be told that it cannot
        ClaimedPage page = claim(scope, scope.asOf(), by);
        page = page.rows().isEmpty() ? claim(scope, null, by) : page;
        if (!page.rows().isEmpty()) {
            ClaimedPage fit = new Screening(duty.records(), duty.lease()).fit(page);
            return fit.rows().isEmpty() ? claim() : new Taken(scope, fit);
        }
        var _ = beside.buryAbandoned("the express lane");
        rest = atLeast(BETWEEN_SWEEPS, nanoTime.getAsLong() - before);
        return null;
    }

    private ClaimedPage claim(Scope scope, @Nullable Instant from, Instant by) {
        int size = duty.job().partitions().chunk();
        return duty.records().queue().behind(duty.lease()).claimUrgent(scope, from, by, size);
    }

    private static Duration atLeast(Duration least, long took) {
        Duration rest = Duration.ofNanos(REST * took);
        return rest.compareTo(least) < 0 ? least : rest;
    }

    /// How long to leave it at what the last look showed, unless there is news.
    Duration rest() {
        return rest;
    }

    /// Whether the last look was left out because enough is under way.
    boolean isFull() {
        return full;
    }
}
