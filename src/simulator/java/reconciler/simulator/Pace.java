package reconciler.simulator;

import java.time.Duration;

/// How long an answer takes: `latency`, and for a share of the requests `tailFactor` times that.
///
/// @param tailShare from 0 (no slow answers) to 1 (all are slow)
public record Pace(Duration latency, double tailShare, double tailFactor) {

    public Pace {
        SimulatorSettings.require(!latency.isNegative(), "latency", "must not be negative");
        SimulatorSettings.require(
                tailShare >= 0 && tailShare <= 1, "tail-share", "must be from 0 to 1");
        SimulatorSettings.require(tailFactor >= 1, "tail-factor", "must be 1 or more");
    }

    /// The time for one request, given a draw from [0, 1).
    Duration of(double draw) {
        return draw < tailShare
                ? Duration.ofNanos((long) (latency.toNanos() * tailFactor))
                : latency;
    }
}
