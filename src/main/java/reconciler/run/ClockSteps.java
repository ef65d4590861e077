package reconciler.run;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Notices that the database's clock was set: between two readings it moved by another time than
/// our own monotonic clock. Used by one thread.
final class ClockSteps {
    /// A clock that is slewed moves by no more than this between two renewals of a lease.
    private static final long TOLERATED = Duration.ofMillis(500).toNanos();

    private boolean heard;
    private long offset;
    private long error;

    /// @param theirs the database's clock, read somewhere between the two moments of ours
    /// @return by how much it stepped since the last reading, backwards when negative; null when it
    ///   did not
    @Nullable Duration saw(Instant theirs, long before, long after) {
        long half = (after - before) / 2;
        long now = Math.addExact(theirs.getEpochSecond() * 1_000_000_000L, theirs.getNano());
        long present = now - (before + half);
        long step = present - offset;
        boolean stepped = heard && Math.abs(step) > TOLERATED + half + error;
        heard = true;
        offset = present;
        error = half;
        return stepped ? Duration.ofNanos(step) : null;
    }
}
