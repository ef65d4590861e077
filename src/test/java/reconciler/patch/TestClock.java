package reconciler.patch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import reconciler.outcome.Pauses;

/// Time that passes only when somebody pauses.
final class TestClock implements DeadlineClock, Pauses {
    private static final Instant START = Instant.parse("2026-11-22T02:00:00Z");

    private final AtomicLong nanos = new AtomicLong();
    private final List<Duration> pauses = new ArrayList<>();
    private Predicate<Duration> isWhole = _ -> true;

    @Override
    public Instant instant() {
        return START.plusNanos(nanos.get());
    }

    @Override
    public Instant latest() {
        return instant();
    }

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /// From now on pauses for which this says false are cut short.
    synchronized void cutUnless(Predicate<Duration> whole) {
        isWhole = whole;
    }

    @Override
    public synchronized boolean pause(Duration pause) {
        pauses.add(pause);
        if (isWhole.test(pause)) {
            pass(pause);
            return true;
        }
        return false;
    }

    synchronized List<Duration> pauses() {
        return List.copyOf(pauses);
    }
}
