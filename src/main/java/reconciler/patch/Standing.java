package reconciler.patch;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How things stand, for all threads of a patcher: whether it has to end, whether the API ever said
/// yes, what was counted.
final class Standing {
    private static final Logger LOG = LoggerFactory.getLogger(Standing.class);

    private final AtomicReference<@Nullable Halt> halt = new AtomicReference<>();
    private final LongAdder requests = new LongAdder();
    private final LongAdder throttled = new LongAdder();
    private final LongAdder waitedNanos = new LongAdder();
    private final Clearance clearance;
    private volatile boolean anySuccess;

    Standing(Clearance clearance) {
        this.clearance = clearance;
    }

    /// The first reason stays.
    void halt(Halt.Kind kind, String message) {
        var reason = new Halt(kind, message);
        if (halt.compareAndSet(null, reason)) {
            LOG.info("nothing more is sent: {}", message);
            clearance.withdrawn(reason);
        }
    }

    @Nullable Halt halt() {
        return halt.get();
    }

    boolean anySuccess() {
        return anySuccess;
    }

    void count(Answer answer) {
        switch (answer) {
            case Answer.Received received -> {
                requests.increment();
                if (received.status() == 429) {
                    throttled.increment();
                }
                if (received.isSuccess() && !anySuccess && !ForeignAnswer.is(received)) {
                    anySuccess = true;
                }
            }
            case Answer.Lost _ -> requests.increment();
            case Answer.NotSent _ -> {}
        }
    }

    void waited(Duration time) {
        waitedNanos.add(time.toNanos());
    }

    PatchStatistics statistics() {
        return new PatchStatistics(
                requests.sum(), throttled.sum(), Duration.ofNanos(waitedNanos.sum()));
    }
}
