package reconciler.pace;

import io.github.bucket4j.TimeMeter;
import java.util.function.LongSupplier;

/// The database's clock, kept going by our own monotonic one. Bucket4j refills by the clock of
/// whoever asks, in milliseconds; a host whose clock is ahead would leave everybody else without a
/// refill until they caught up. With this all hosts refill by the same clock.
final class DatabaseClock implements TimeMeter {
    private final LongSupplier nanoTime;
    private volatile long offset;
    private volatile long asked;

    DatabaseClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// The database said `now` somewhere between these two moments of our clock.
    void set(long now, long before, long after) {
        offset = now - (before + (after - before) / 2);
    }

    /// When the time was asked for last, by our own clock.
    long asked() {
        return asked;
    }

    @Override
    public long currentTimeNanos() {
        asked = nanoTime.getAsLong();
        return asked + offset;
    }

    @Override
    public boolean isWallClockBased() {
        return true;
    }
}
