package reconciler.patch;

import java.time.Duration;

/// When the API is left alone, and for how long.
///
/// @param window how many answers are looked at
/// @param failures the share of them that failed or were slow from which it is left alone, above 0
///   to 1
/// @param slow an answer that takes longer is as bad as none
/// @param open how long nothing is sent
/// @param trial so many requests then go first and decide
/// @param openings the run ends with so many
public record BreakerSettings(
        int window, double failures, Duration slow, Duration open, int trial, int openings) {
    public static final BreakerSettings DEFAULT =
            new BreakerSettings(20, 0.5, Duration.ofSeconds(10), Duration.ofSeconds(60), 3, 2);

    public BreakerSettings {
        if (!(failures > 0 && failures <= 1)) {
            throw new IllegalArgumentException(
                    "breaker.failures is above 0% to 100%, not " + failures);
        }
        if (window < 1 || trial < 1 || openings < 1) {
            throw new IllegalArgumentException(
                    "breaker.window, trial and openings are at least 1, not "
                            + window
                            + ", "
                            + trial
                            + ", "
                            + openings);
        }
        if (slow.compareTo(Duration.ofMillis(1)) < 0 || open.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException(
                    "breaker.slow and breaker.open are positive times, not "
                            + slow
                            + " and "
                            + open);
        }
    }
}
