package reconciler.patch;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How far apart requests have to be: by the configured ceiling, by the allowance the API names, by
/// what is left of its window, and by what it refused. The slowest of them counts.
///
/// The API's window looks like a fixed minute from the first request; how long it is shows in the
/// reset that the answers name. Times are nanoseconds of a clock that never goes back.
final class LearnedRate {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private static final long UNKNOWN = 0;

    /// A named reset further off than this is not a rate window.
    private static final Duration LONGEST_WINDOW = Duration.ofMinutes(2);

    /// Resets are whole seconds: what is left of a window shorter than this is not known well
    /// enough to be divided.
    private static final long DIVISIBLE_WINDOW = Duration.ofSeconds(10).toNanos();

    /// Where the API allows less than the ceiling, stay this far below: its window and ours do not
    /// begin together.
    private static final double MARGIN = 0.95;

    /// What is left of a window may look this much too small before it slows us down: the reset is
    /// rounded, and answers are late.
    private static final double TOLERANCE = 1.05;

    /// A refusal slows down to this share at most where no allowance is known, and a minute without
    /// one speeds up by that much.
    private static final double HARDEST_BRAKE = 0.5;

    private static final double RECOVERY = 1.25;

    private final Rate configured;
    private volatile boolean unlimited;
    private @Nullable Integer allowed;
    private double tolerated = Double.POSITIVE_INFINITY;
    private long toleratedSince;
    private boolean windowUsedUp;
    private int windowCount;
    private double windowShare;
    private long windowEnd;
    private boolean windowDivisible;
    private boolean windowExact;
    private long windowBegan;
    private long windowLength = UNKNOWN;
    private long heardAt;
    private boolean heardOfWindow;

    LearnedRate(Rate configured) {
        this.configured = configured;
        unlimited = configured.perMinute() == null;
    }

    /// Nothing limits, as far as is known: the cheap question.
    boolean isUnlimited() {
        return unlimited;
    }

    /// How long after one request the next may go.
    synchronized long interval(long now) {
        recover(now);
        double perMinute = Math.min(base(), tolerated);
        double interval = Double.isInfinite(perMinute) ? 0 : MINUTE / perMinute;
        double share = windowShare / (1 - configured.leave());
        boolean scarce = isWithinWindow(now) && share > interval * TOLERANCE;
        return (long) Math.ceil(scarce ? Math.max(interval, share / MARGIN) : interval);
    }

    /// Until when nobody may go because the window is used up; `now` when it is not.
    synchronized long closedUntil(long now) {
        return isWithinWindow(now) && windowUsedUp ? windowEnd : now;
    }

    private boolean isWithinWindow(long now) {
        return windowDivisible && windowEnd - now > 0;
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
            window(limit, count, reset.toNanos(), now - headers.took().toNanos(), now);
        }
    }

    /// The reset is whole seconds and rounded up, so of all that name the same window the earliest
    /// end counts, and the greatest count: answers come in any order, and what was used does not
    /// come back. Whose request opened the window knows its end to within the time that took.
    ///
    /// @param sent when the request went out; it was counted between that and `now`
    private void window(int limit, int count, long left, long sent, long now) {
        boolean opened = count == 1 && !isOfThisWindow(left, sent);
        if (!opened && mayBeOfAnEarlierWindow(sent, now)) {
            return;
        }
        boolean isNext = opened || !heardOfWindow || sent - windowEnd >= 0 || endsLater(left, sent);
        windowLength = length(isNext, count, left, now);
        if (isNext) {
            windowBegan = sent;
            windowEnd = now + left;
            windowExact = opened;
        }
        windowEnd = Math.min(windowEnd, now + left);
        windowDivisible = windowExact || Math.max(windowLength, left) >= DIVISIBLE_WINDOW;
        windowCount = isNext ? count : Math.max(windowCount, count);
        windowUsedUp = windowCount >= limit;
        // Evenly over what is left, and the end of the window is not one of the places.
        windowShare = (double) (windowEnd - now) / (Math.max(0, limit - windowCount) + 1);
        heardAt = now;
        heardOfWindow = true;
    }

    /// The answer to the request that opened a window may come after all others of it. Short
    /// windows are not told apart like this.
    private boolean isOfThisWindow(long left, long sent) {
        return heardOfWindow && left >= DIVISIBLE_WINDOW && !endsLater(left, sent);
    }

    /// Whether what an answer says is left reaches beyond the end that is known, however long ago
    /// that was said.
    private boolean endsLater(long left, long sent) {
        return sent + left - windowEnd > SECOND;
    }

    /// Answers come late and in any order.
    private boolean mayBeOfAnEarlierWindow(long sent, long now) {
        return heardOfWindow
                && (sent - windowBegan < 0 || (now - windowEnd >= 0 && sent - windowEnd < 0));
    }

    /// The first answer of a window names its length. Who shares the window with others may never
    /// get that one, but the first after the end of a window says that the next one began after the
    /// answer before.
    private long length(boolean isNext, int count, long left, long now) {
        if (Math.abs(left - MINUTE) <= SECOND) {
            return MINUTE; // 61 has been seen
        }
        if (count == 1) {
            return Math.max(SECOND, left);
        }
        if (isNext && heardOfWindow) {
            long longest = Math.max(SECOND, left + (now - heardAt) / SECOND * SECOND);
            return windowLength == UNKNOWN ? longest : Math.min(windowLength, longest);
        }
        return windowLength == UNKNOWN ? UNKNOWN : Math.max(windowLength, left);
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
                        : Math.max(1, Math.min(current, Math.max(seen, current * brake())));
        toleratedSince = until;
        unlimited = false;
    }

    /// Where the allowance is known, a refusal tells of others or of where the window begins, and
    /// the pause that comes with it is the cure.
    private double brake() {
        return allowed == null ? HARDEST_BRAKE : MARGIN;
    }

    /// What may be used by configuration and allowance, in requests a minute. While it is not known
    /// for how long the allowance is, only what is left of the window counts.
    private double base() {
        Integer ceiling = configured.perMinute();
        double most = ceiling == null ? Double.POSITIVE_INFINITY : ceiling;
        if (allowed != null && !(heardOfWindow && windowLength == UNKNOWN)) {
            long length = heardOfWindow ? windowLength : MINUTE;
            double allowance = (double) allowed * MINUTE / length;
            most = allowance >= most ? most : Math.max(1, allowance * MARGIN);
        }
        return most * (1 - configured.leave());
    }

    private void recover(long now) {
        while (now - toleratedSince >= MINUTE && tolerated < base()) {
            tolerated *= RECOVERY;
            toleratedSince += MINUTE;
        }
    }
}
