package reconciler.pace;

/// Slots for requests that were reserved together, evenly spaced. Times are nanoseconds of a clock
/// that never goes back.
final class Slots {
    private final long interval;
    private final long end;
    private final long usableUntil;
    private long next;

    private Slots(long begin, long interval, long end, long usableUntil) {
        this.interval = interval;
        this.end = end;
        this.usableUntil = usableUntil;
        this.next = begin;
    }

    /// @param now when they were obtained: a database that took its time must not make them useless
    /// @param grace how long after their end they may still be used
    static Slots of(long begin, long interval, int number, long now, long grace) {
        long span = interval * number;
        long end = begin + span;
        return new Slots(begin, interval, end, (end - now > 0 ? end : now) + grace);
    }

    static Slots none(long now) {
        return new Slots(now, 1, now, now);
    }

    /// Slots that nobody came for in time are lost: used later, they would be a burst.
    boolean isOver(long now) {
        return end - next <= 0 || now - usableUntil > 0;
    }

    /// When the next request may go.
    long due() {
        return next;
    }

    void take() {
        next += interval;
    }
}
