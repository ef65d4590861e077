package reconciler.pace;

import io.github.bucket4j.TimeMeter;
import java.util.function.LongSupplier;

/// The database's clock, kept going by our own monotonic one. Bucket4j refills by the clock of
/// whoever asks, in milliseconds; a host whose clock is ahead would leave everybody else without a
/// refill until they caught up. With this all hosts refill by the same clock.
///
/// An answer that took long says little about when it was given: it counts only when no better one
/// is at hand, or when the clock was set.
final class DatabaseClock implements TimeMeter {
    /// Two clocks part by no more than a millisecond in a second.
    private static final long DRIFT = 1_000;

    private final LongSupplier nanoTime;
    private volatile long offset;
    private volatile long error = Long.MAX_VALUE / 4;
    private volatile long heardAt;
    private volatile long asked;

    DatabaseClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        heardAt = nanoTime.getAsLong();
    }

    /// The database said `now` somewhere between these two moments of our clock.
    void set(long now, long before, long after) {
        long half = (after - before) / 2;
        long heard = now - (before + half);
        long agedError = error + (after - heardAt) / DRIFT;
        if (half <= agedError || Math.abs(heard - offset) > half + agedError) {
            offset = heard;
            error = half;
            heardAt = after;
        }
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
