package reconciler.pace;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// One settable clock, and a bucket that lives by it: what [RateBucket] does in Postgres, in a few
/// lines of arithmetic.
final class FakeTime implements Allotment {
    private final List<Event> reservations = new ArrayList<>();
    private final PriorityQueue<Later> later = new PriorityQueue<>();
    private @Nullable RuntimeException outage;
    private long now;
    private long paidUntil;
    private long limitedUntil;
    private long slowness;

    record Event(long at, long nanos) {}

    private record Later(long at, Runnable happening) implements Comparable<Later> {
        @Override
        public int compareTo(Later other) {
            return Long.compare(at, other.at);
        }
    }

    long nanoTime() {
        return now;
    }

    boolean pause(Duration pause) {
        pass(pause);
        return true;
    }

    void pass(Duration time) {
        long until = now + time.toNanos();
        while (!later.isEmpty() && later.peek().at() <= until) {
            Later next = later.remove();
            now = Math.max(now, next.at());
            next.happening().run();
        }
        now = until;
    }

    void after(Duration time, Runnable happening) {
        later.add(new Later(now + time.toNanos(), happening));
    }

    /// What it takes passes for nobody else.
    void inBackground(Runnable task) {
        long begun = now;
        task.run();
        now = begun;
    }

    void fails(@Nullable RuntimeException failure) {
        outage = failure;
    }

    /// From now on every reservation takes so long to be answered.
    void answersAfter(Duration time) {
        slowness = time.toNanos();
    }

    List<Event> reservations() {
        return reservations;
    }

    @Override
    public Duration pause() {
        demandAnswer();
        return Duration.ofNanos(limitedUntil - now);
    }

    @Override
    public long reserve(long nanos) {
        demandAnswer();
        reservations.add(new Event(now, nanos));
        long asked = now;
        now += slowness;
        long begin = Math.max(paidUntil, asked - RateBucket.SLACK.toNanos());
        paidUntil = begin + nanos;
        return begin;
    }

    @Override
    public void limit(Duration pause) {
        demandAnswer();
        limitedUntil = Math.max(limitedUntil, now + pause.toNanos());
    }

    private void demandAnswer() {
        if (outage != null) {
            throw outage;
        }
    }
}
