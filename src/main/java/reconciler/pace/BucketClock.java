package reconciler.pace;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;

/// The time of a bucket: the database's clock, and what that was set back by. So it never goes
/// back.
final class BucketClock implements TimeMeter {
    private final DatabaseClock clock;
    private volatile long ahead;

    BucketClock(DatabaseClock clock) {
        this.clock = clock;
    }

    void runsAhead(Duration of) {
        ahead = of.toNanos();
    }

    @Override
    public long currentTimeNanos() {
        return clock.currentTimeNanos() + ahead;
    }

    @Override
    public boolean isWallClockBased() {
        return true;
    }
}
