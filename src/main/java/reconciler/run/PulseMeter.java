package reconciler.run;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reconciler.patch.PatchStatistics;

/// Measures a run's pulse; to be asked at each renewal of the lease, by one thread.
final class PulseMeter {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final Supplier<PatchStatistics> statistics;
    private final Tally tally;
    private final double ceilingPerMinute;
    private final Supplier<@Nullable String> holdUp;
    private final LongSupplier nanoTime;
    private final Deque<Sample> lastMinute = new ArrayDeque<>();

    private record Sample(long at, long requests, long throttled) {}

    PulseMeter(
            Supplier<PatchStatistics> statistics,
            Tally tally,
            double ceilingPerMinute,
            Supplier<@Nullable String> holdUp,
            LongSupplier nanoTime) {
        this.statistics = statistics;
        this.tally = tally;
        this.ceilingPerMinute = ceilingPerMinute;
        this.holdUp = holdUp;
        this.nanoTime = nanoTime;
        lastMinute.add(sample());
    }

    Pulse pulse() {
        Sample now = sample();
        lastMinute.addLast(now);
        while (now.at - lastMinute.getFirst().at > MINUTE) {
            lastMinute.removeFirst();
        }
        Sample then = lastMinute.getFirst();
        return new Pulse(
                now.requests,
                now.throttled,
                tally.total().done(),
                now.requests - then.requests,
                now.throttled - then.throttled,
                Duration.ofNanos(now.at - then.at),
                ceilingPerMinute,
                tally.byRole().entrySet().stream()
                        .map(role -> ofRole(role.getKey().name(), role.getValue()))
                        .toList(),
                holdUp.get());
    }

    private static Pulse.OfRole ofRole(String name, Tally.Counts counts) {
        return new Pulse.OfRole(name, counts.planned(), counts.done(), counts.notApplied());
    }

    private Sample sample() {
        PatchStatistics sofar = statistics.get();
        return new Sample(nanoTime.getAsLong(), sofar.requests(), sofar.throttled());
    }
}
