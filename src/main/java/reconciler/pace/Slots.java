package reconciler.pace;

/// Slots for requests that were reserved together, evenly spaced. Times are nanoseconds of a clock
/// that never goes back.
final class Slots {
    private final long interval;
    private final long end;
    private final long grace;
    private long next;

    /// @param grace how long after their end they may still be used
    Slots(long begin, long interval, int number, long grace) {
        this.interval = interval;
        this.end = begin + interval * number;
        this.grace = grace;
        this.next = begin;
    }

    static Slots none(long now) {
        return new Slots(now, 1, 0, 0);
    }

    /// Slots that nobody came for in time are lost: used later, they would be a burst.
    boolean isOver(long now) {
        return end - next <= 0 || now - end > grace;
    }

    /// When the next request may go.
    long due() {
        return next;
    }

    void take() {
        next += interval;
    }
}
