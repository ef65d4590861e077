package reconciler.patch;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reconciler.outcome.Pauses;

/// The pace of one process: evenly spaced, so that the first second of a minute does not use up the
/// rest of it.
///
/// One thread at a time waits for the next slot, the others queue behind it; that way a new rate or
/// a pause is obeyed by all of them at once. Time that was lost is not made up for.
public final class LocalPace implements Pace {
    /// Longer than any run; keeps the arithmetic in range.
    private static final Duration LONGEST_HOLD = Duration.ofDays(30);

    private final LearnedRate rate;
    private final LongSupplier nanoTime;
    private final Pauses pauses;
    private final LongAdder admitted = new LongAdder();
    private final ReentrantLock turnstile = new ReentrantLock(true);
    private final Object holding = new Object();
    private volatile long heldUntil;
    private long last;

    /// @param nanoTime a clock that never goes back, as `System::nanoTime`
    public LocalPace(Rate rate, LongSupplier nanoTime, Pauses pauses) {
        this.rate = new LearnedRate(rate);
        this.nanoTime = nanoTime;
        this.pauses = pauses;
        heldUntil = nanoTime.getAsLong();
        last = heldUntil - Duration.ofMinutes(1).toNanos();
    }

    @Override
    public @Nullable Slot admit() {
        boolean free = rate.isUnlimited() && nanoTime.getAsLong() - heldUntil >= 0;
        if (free || passTurnstile()) {
            admitted.increment();
            return Slot.whenever();
        }
        return null;
    }

    private boolean passTurnstile() {
        try {
            turnstile.lockInterruptibly();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
        try {
            return waitForSlot();
        } finally {
            turnstile.unlock();
        }
    }

    private boolean waitForSlot() {
        while (true) {
            long now = nanoTime.getAsLong();
            long due = last + rate.interval(now);
            long wait = Math.max(due - now, closed(now));
            if (wait <= 0) {
                last = now;
                return true;
            }
            if (!pauses.pause(Duration.ofNanos(wait))) {
                return false;
            }
        }
    }

    /// How far apart requests have to be as things stand.
    public Duration spacing() {
        return Duration.ofNanos(rate.interval(nanoTime.getAsLong()));
    }

    /// For how long nobody may go, because of a pause or of a window that is used up; zero when
    /// somebody may.
    public Duration closed() {
        return Duration.ofNanos(Math.max(0, closed(nanoTime.getAsLong())));
    }

    /// Somebody else admitted a request, by [#spacing] and [#closed].
    public void admitted() {
        admitted.increment();
    }

    private long closed(long now) {
        return Math.max(heldUntil - now, rate.closedUntil(now) - now);
    }

    /// The many 429s of requests that were on the wire together are one refusal.
    @Override
    public void hold(Duration pause) {
        long now = nanoTime.getAsLong();
        long nanos = (pause.compareTo(LONGEST_HOLD) > 0 ? LONGEST_HOLD : pause).toNanos();
        synchronized (holding) {
            if (now - heldUntil >= 0) {
                rate.refused(admitted.sumThenReset(), now - heldUntil + nanos, now + nanos);
            }
            if (now + nanos - heldUntil > 0) {
                heldUntil = now + nanos;
            }
        }
    }

    @Override
    public void learn(RateHeaders headers) {
        rate.heard(headers, nanoTime.getAsLong());
    }
}
