package reconciler.patch;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAccumulator;
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
    private final LongAccumulator firstSent = new LongAccumulator(Math::min, Long.MAX_VALUE);
    private final LongAccumulator lastAnswered = new LongAccumulator(Math::max, Long.MIN_VALUE);
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

    /// @param began when it was sent, and `ended` when it was answered, by the clock for lengths of
    ///   time
    void count(Answer answer, long began, long ended) {
        if (!(answer instanceof Answer.NotSent)) {
            firstSent.accumulate(began);
            lastAnswered.accumulate(ended);
        }
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
                requests.sum(),
                throttled.sum(),
                requests.sum() == 0
                        ? Duration.ZERO
                        : Duration.ofNanos(lastAnswered.get() - firstSent.get()),
                Duration.ofNanos(waitedNanos.sum()));
    }
}
