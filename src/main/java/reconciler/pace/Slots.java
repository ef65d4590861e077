package reconciler.pace;

import java.time.Duration;

/// Slots for requests that were reserved together, evenly spaced. Times are nanoseconds of a clock
/// that never goes back.
///
/// A slot is good for a moment and then lost: requests that came late would leave together.
final class Slots {
    /// How much too late a request may leave. What [SharedPace#ROOM] leaves beyond that in a second
    /// is for clocks that differ and for what comes between the last look and the wire.
    static final Duration TOLERANCE = Duration.ofMillis(12);

    private final long interval;
    private final long end;
    private long next;

    private Slots(long begin, long interval, long end) {
        this.interval = interval;
        this.end = end;
        this.next = begin;
    }

    static Slots none(long now) {
        return new Slots(now, 1, now);
    }

    /// What was reserved next; what of it is not after these, because the clock was thought to be
    /// another, is put off.
    Slots followedBy(long begin, long interval, int number) {
        long after = begin - end < 0 ? end : begin;
        return new Slots(after, interval, after + interval * number);
    }

    /// Gives up those that are missed.
    ///
    /// @return whether there is none left
    boolean areOver(long now) {
        long late = now - lost(next);
        if (late > 0) {
            next += Math.ceilDiv(late, interval) * interval;
        }
        return end - next <= 0;
    }

    /// Whether they were reserved before it was learnt that there may be far fewer.
    boolean areTooClose(long spacing) {
        return spacing > 2 * interval;
    }

    long end() {
        return end;
    }

    /// How many are left.
    int left() {
        return (int) Math.clamp(Math.ceilDiv(end - next, interval), 0L, Integer.MAX_VALUE);
    }

    /// When the next request may go.
    long due() {
        return next;
    }

    /// @return when the slot taken is lost
    long take() {
        long taken = next;
        next += interval;
        return lost(taken);
    }

    private static long lost(long slot) {
        return slot + TOLERANCE.toNanos();
    }
}
