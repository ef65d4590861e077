package reconciler.patch;

import java.time.Duration;
import reconciler.outcome.Policies;

/// What the job file says about sending.
///
/// @param inFlight how many requests may be on the wire at once
/// @param timeout the longest a request may take, from connecting to the last byte
/// @param verifySample the share of successes that is read back, 0 to 1
public record PatchSettings(
        int inFlight,
        Duration timeout,
        Policies policies,
        BeforeImage beforeImage,
        double verifySample,
        BreakerSettings breaker) {
    public PatchSettings {
        if (inFlight < 1) {
            throw new IllegalArgumentException("api.in-flight is at least 1, not " + inFlight);
        }
        if (timeout.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException("api.timeout is a positive time, not " + timeout);
        }
        if (!(verifySample >= 0 && verifySample <= 1)) {
            throw new IllegalArgumentException("verify.sample is 0% to 100%, not " + verifySample);
        }
    }
}
