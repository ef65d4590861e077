package reconciler.pace;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import reconciler.outcome.Pauses;
import reconciler.patch.LocalPace;
import reconciler.patch.Pace;
import reconciler.patch.Rate;
import reconciler.patch.RateHeaders;
import reconciler.patch.Slot;

/// The pace of all processes that share an allowance: what each has learned is its own, the slots
/// and the pauses are everybody's.
///
/// One thread of a process at a time reserves slots and waits for them. Without the database
/// nothing is admitted: when it fails twice, or once after a long wait, the pace closes for good.
public final class SharedPace implements Pace {
    private static final Logger LOG = LoggerFactory.getLogger(SharedPace.class);

    /// A request leaves up to [Slots#TOLERANCE] after its slot or [#GRAIN] before it, and two
    /// processes see the database's clock some milliseconds apart: with 2 % more room between the
    /// slots, no second has more requests in it than the ceiling, whenever it begins.
    static final double ROOM = 1.02;

    /// Sleeps are not more exact than this.
    private static final long GRAIN = Duration.ofMillis(1).toNanos();

    /// Who waits longer looks up this often whether the API asked somebody else for a pause.
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    /// The refusals of requests that were on the wire together come in a bundle; this much longer a
    /// pause makes one write do for all of them.
    private static final Duration BUNDLE = Duration.ofMillis(100);

    /// Longer than any run; keeps the arithmetic in range.
    private static final Duration LONGEST_HOLD = Duration.ofDays(30);

    private final LocalPace local;
    private final Allotment allotment;
    private final LongSupplier nanoTime;
    private final Pauses pauses;
    private final Consumer<String> failed;
    private final ReentrantLock turnstile = new ReentrantLock(true);
    private final Object holding = new Object();
    private final SlotSupply slots;
    private long toldUntil;
    private volatile boolean broken;

    /// @param rate with a ceiling
    /// @param nanoTime a clock that never goes back, as `System::nanoTime`
    /// @param failed is told, once, what the database said; nothing is admitted any more
    public SharedPace(
            Rate rate,
            RateBucket bucket,
            LongSupplier nanoTime,
            Pauses pauses,
            Consumer<String> failed) {
        this(rate, bucket, nanoTime, pauses, Demand.STEADY, Thread::startVirtualThread, failed);
    }

    /// For who sends a request now and then: takes from others one slot for each request, and,
    /// after a while without any, what makes sure that it is not over before it is known.
    public static SharedPace forFew(
            Rate rate,
            RateBucket bucket,
            LongSupplier nanoTime,
            Pauses pauses,
            Consumer<String> failed) {
        return new SharedPace(
                rate,
                bucket,
                nanoTime,
                pauses,
                Demand.NOW_AND_THEN,
                Thread::startVirtualThread,
                failed);
    }

    /// How those send who are admitted.
    enum Demand {
        STEADY,
        NOW_AND_THEN
    }

    SharedPace(
            Rate rate,
            Allotment allotment,
            LongSupplier nanoTime,
            Pauses pauses,
            Demand demand,
            Executor background,
            Consumer<String> failed) {
        if (rate.perMinute() == null) {
            throw new IllegalArgumentException("a shared pace needs a ceiling");
        }
        this.local = new LocalPace(rate, nanoTime, pauses);
        this.allotment = allotment;
        this.nanoTime = nanoTime;
        this.pauses = pauses;
        this.failed = failed;
        toldUntil = nanoTime.getAsLong();
        slots =
                new SlotSupply(
                        allotment,
                        nanoTime,
                        background,
                        switch (demand) {
                            case STEADY -> null;
                            case NOW_AND_THEN -> turnstile::getQueueLength;
                        });
    }

    @Override
    public @Nullable Slot admit() {
        try {
            turnstile.lockInterruptibly();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return null;
        }
        try {
            return broken ? null : waitForSlot();
        } finally {
            turnstile.unlock();
        }
    }

    private @Nullable Slot waitForSlot() {
        while (true) {
            long spacing = spacing();
            long wait = Math.max(local.closed().toNanos(), slots.held());
            if (wait <= 0) {
                if (slots.isEmpty(spacing)) {
                    if (!ask(() -> slots.refill(spacing))) {
                        return null;
                    }
                    continue;
                }
                slots.lookAhead(spacing);
                wait = slots.due() - nanoTime.getAsLong();
                if (wait < GRAIN) {
                    long lost = slots.take();
                    local.admitted();
                    return () -> nanoTime.getAsLong() - lost > 0;
                }
            }
            if (!waitAndLook(wait)) {
                return null;
            }
        }
    }

    private boolean waitAndLook(long wait) {
        if (wait <= BETWEEN_LOOKS.toNanos()) {
            return pauses.pause(Duration.ofNanos(wait));
        }
        return pauses.pause(BETWEEN_LOOKS) && ask(slots::look);
    }

    private long spacing() {
        return Math.round(local.spacing().toNanos() * ROOM);
    }

    /// @return false when the database gave no answer
    private boolean ask(Runnable question) {
        long before = nanoTime.getAsLong();
        RuntimeException failure = failureOf(question);
        boolean quick = nanoTime.getAsLong() - before < BETWEEN_LOOKS.toNanos();
        if (failure != null && quick) {
            LOG.warn("the shared pace could not be asked: {}", said(failure));
            failure = pauses.pause(BETWEEN_LOOKS) ? failureOf(question) : failure;
        }
        if (failure != null) {
            broken = true;
            failed.accept(said(failure));
        }
        return failure == null;
    }

    private static @Nullable RuntimeException failureOf(Runnable question) {
        try {
            question.run();
            return null;
        } catch (RuntimeException failure) {
            return failure;
        }
    }

    /// In one line: Spring's own message repeats the statement.
    private static String said(RuntimeException failure) {
        return String.valueOf(NestedExceptionUtils.getMostSpecificCause(failure).getMessage())
                .lines()
                .findFirst()
                .orElse("");
    }

    /// Holds this process at once and tells the others, who hear of it when they next reserve, or
    /// within a second. When they cannot be told, they will be refused themselves.
    @Override
    public void hold(Duration pause) {
        local.hold(pause);
        Duration bounded = pause.compareTo(LONGEST_HOLD) > 0 ? LONGEST_HOLD : pause;
        if (isNews(bounded)) {
            RuntimeException failure = failureOf(() -> allotment.limit(bounded.plus(BUNDLE)));
            if (failure != null) {
                LOG.warn("the other processes do not know of a pause: {}", said(failure));
            }
        }
    }

    private boolean isNews(Duration pause) {
        synchronized (holding) {
            long until = nanoTime.getAsLong() + pause.toNanos();
            if (until - toldUntil <= 0) {
                return false;
            }
            toldUntil = until + BUNDLE.toNanos();
            return true;
        }
    }

    @Override
    public void learn(RateHeaders headers) {
        local.learn(headers);
    }
}
