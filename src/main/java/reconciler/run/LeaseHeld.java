package reconciler.run;

import java.time.Duration;
import java.time.Instant;

/// Another run holds the lease.
public final class LeaseHeld extends RuntimeException {
    private final Duration remaining;

    /// @param renewedAt when the holder last said that it lives
    /// @param remaining until the lease expires if it does not say so again
    LeaseHeld(String owner, Instant since, Instant renewedAt, Duration remaining) {
        super(
                "another run holds the lease: "
                        + owner
                        + ", since "
                        + since
                        + ", last seen "
                        + renewedAt
                        + "; if it is dead, the lease expires in "
                        + Math.max(1, remaining.toSeconds())
                        + " s");
        this.remaining = remaining;
    }

    public Duration remaining() {
        return remaining;
    }
}
