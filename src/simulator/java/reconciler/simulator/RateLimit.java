package reconciler.simulator;

import java.time.Duration;

/// How many requests one token may send in a window that starts with its first request.
///
/// @param allowed 0 means no limit, and then no rate headers either
public record RateLimit(int allowed, Duration window) {

    public RateLimit {
        SimulatorSettings.require(allowed >= 0, "rate-limit", "must not be negative");
        SimulatorSettings.require(window.isPositive(), "rate-window", "must be positive");
    }

    public static RateLimit none() {
        return new RateLimit(0, Duration.ofSeconds(60));
    }

    boolean isNone() {
        return allowed == 0;
    }
}
