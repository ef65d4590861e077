package reconciler.patch;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How far apart requests have to be: by the configured ceiling, by the allowance the API names, by
/// what is left of its window, and by what it refused. The slowest of them counts.
///
/// The API's window looks like a fixed minute; times are nanoseconds of a clock that never goes
/// back.
final class LearnedRate {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    /// A named reset further off than this is not a rate window.
    private static final Duration LONGEST_WINDOW = Duration.ofMinutes(2);

    /// Stay this far below what the API allows: its window and ours do not begin together.
    private static final double MARGIN = 0.95;

    /// A refusal slows down to half at most, and a minute without one speeds up by this much.
    private static final double RECOVERY = 1.25;

    private final Rate configured;
    private volatile boolean unlimited;
    private @Nullable Integer allowed;
    private double tolerated = Double.POSITIVE_INFINITY;
    private long toleratedSince;
    private boolean windowUsedUp;
    private long windowInterval;
    private long windowEnd;

    LearnedRate(Rate configured) {
        this.configured = configured;
        unlimited = configured.perMinute() == null;
    }

    /// Nothing limits, as far as is known: the cheap question.
    boolean isUnlimited() {
        return unlimited;
    }

    /// When the next request may go.
    ///
    /// @param last when the one before went
    synchronized long due(long last, long now) {
        recover(now);
        double perMinute = Math.min(base(), tolerated);
        long interval = Double.isInfinite(perMinute) ? 0 : (long) Math.ceil(MINUTE / perMinute);
        if (windowEnd - now <= 0) {
            return last + interval;
        }
        return windowUsedUp ? windowEnd : last + Math.max(interval, windowInterval);
    }

    synchronized void heard(RateHeaders headers, long now) {
        if (!configured.learn() || headers.isEmpty()) {
            return;
        }
        Integer limit = headers.allowed();
        if (limit != null) {
            allowed = limit;
            unlimited = false;
        }
        Integer count = headers.count();
        Duration reset = headers.reset();
        if (limit != null
                && count != null
                && reset != null
                && reset.compareTo(LONGEST_WINDOW) <= 0) {
            long left = reset.toNanos();
            windowUsedUp = count >= limit;
            windowInterval = (long) (left / Math.max(1, (limit - count) * MARGIN));
            windowEnd = now + left;
        }
    }

    /// A request was answered 429.
    ///
    /// @param admitted requests since the refusal before
    /// @param nanos the time they took, the pause that is asked for included
    /// @param until the end of that pause
    synchronized void refused(long admitted, long nanos, long until) {
        if (!configured.learn()) {
            return;
        }
        double seen = MARGIN * Math.max(1, admitted) * MINUTE / Math.max(1, nanos);
        double current = Math.min(base(), tolerated);
        tolerated =
                Double.isInfinite(current)
                        ? Math.max(1, seen)
                        : Math.max(1, Math.min(current, Math.max(seen, current / 2)));
        toleratedSince = until;
        unlimited = false;
    }

    /// What may be used by configuration and allowance, in requests a minute.
    private double base() {
        Integer ceiling = configured.perMinute();
        double most = ceiling == null ? Double.POSITIVE_INFINITY : ceiling;
        return allowed == null ? most : Math.min(most, Math.max(1, allowed * MARGIN));
    }

    private void recover(long now) {
        while (now - toleratedSince >= MINUTE && tolerated < base()) {
            tolerated *= RECOVERY;
            toleratedSince += MINUTE;
        }
    }
}
