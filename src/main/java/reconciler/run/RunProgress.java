package reconciler.run;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import reconciler.patch.PatchStatistics;

/// A run under way, for whoever watches it.
public record RunProgress(
        long run,
        Tally tally,
        Supplier<PatchStatistics> statistics,
        Instant startedAt,
        InstantSource clock) {

    public Duration elapsed() {
        return Duration.between(startedAt, clock.instant());
    }
}
