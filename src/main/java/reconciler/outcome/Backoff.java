package reconciler.outcome;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Pauses between `first` and a ceiling that doubles up to `most`, anywhere between the two, so
/// that callers which failed together do not return together.
public record Backoff(Duration first, Duration most) {
    public Backoff {
        if (first.isNegative() || first.isZero() || most.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "backoff goes from a positive pause to one at least as long, not "
                            + first
                            + ".."
                            + most);
        }
    }

    /// The pause after so many failures.
    ///
    /// @param failures how many attempts failed so far, 1 for the first pause
    public Duration pause(int failures, RandomGenerator random) {
        long ceiling = first.toNanos();
        for (int i = 0; i < failures && ceiling < most.toNanos(); i++) {
            ceiling = Math.min(ceiling * 2, most.toNanos());
        }
        return Duration.ofNanos(
                first.toNanos() + (long) (random.nextDouble() * (ceiling - first.toNanos())));
    }
}
