package reconciler.run;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// How long the machine kept a thread from running that wanted to: what lies between a look at the
/// clock and the next instruction may take as long, and no program can know.
final class Hiccups implements AutoCloseable {
    private static final long NAP_NANOS = 1_000_000;

    private final Thread sleeper = new Thread(this::measure, "hiccups");
    private volatile boolean ended;
    private volatile long longest;

    private Hiccups() {}

    static Hiccups begin() {
        var hiccups = new Hiccups();
        hiccups.sleeper.setDaemon(true);
        hiccups.sleeper.start();
        return hiccups;
    }

    Duration longest() {
        return Duration.ofNanos(longest);
    }

    /// How many slots of a pace, begun ones too, pass while a thread is kept from running that
    /// long: as many may be used too late.
    static int slots(Duration hiccup, int perSecond) {
        return Math.toIntExact(Math.ceilDiv(hiccup.toNanos() * perSecond, 1_000_000_000L));
    }

    @Override
    public void close() {
        ended = true;
    }

    private void measure() {
        while (!ended) {
            long before = System.nanoTime();
            LockSupport.parkNanos(NAP_NANOS);
            longest = Math.max(longest, System.nanoTime() - before - NAP_NANOS);
        }
    }
}
