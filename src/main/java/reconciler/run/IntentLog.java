package reconciler.run;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.patch.Intents;
import reconciler.queue.ClaimedIntent;

/// Puts the requests of a run on record before they are sent: in blocks, and ahead of time, so that
/// a request rarely waits for the commit and a commit serves many requests. What is on record and
/// not yet sent is what a crash leaves wrongly in doubt: a quarter of a second's worth at the job's
/// rate, or what a slow commit takes, and never more than twice what may be in flight.
///
/// Without the database nothing is sent: when a block fails twice, no other is written.
final class IntentLog {
    private static final Logger LOG = LoggerFactory.getLogger(IntentLog.class);

    private static final Duration AHEAD = Duration.ofMillis(250);

    private static final Duration BEFORE_SECOND_TRY = Duration.ofSeconds(1);

    private final Blocks blocks;
    private final double perSecond;
    private final int most;
    private final StopSignal stop;
    private final LongSupplier nanoTime;

    private final Queue<Waiting> continuing = new ArrayDeque<>();
    private final Queue<Waiting> opening = new ArrayDeque<>();
    private int ahead;
    private long lastTook;
    private long number;
    private boolean writing;
    private boolean broken;

    /// @param perMinute the ceiling of the rate
    /// @param inFlight the most requests on the wire at once
    IntentLog(Blocks blocks, int perMinute, int inFlight, StopSignal stop, LongSupplier nanoTime) {
        this.blocks = blocks;
        this.perSecond = perMinute / 60.0;
        this.most = 2 * inFlight;
        this.stop = stop;
        this.nanoTime = nanoTime;
    }

    /// The log of a run, fenced by its lease.
    static IntentLog of(
            RunContext.Records records, Lease lease, long run, JobFile job, StopSignal stop) {
        var transaction = new TransactionTemplate(new JdbcTransactionManager(records.dataSource()));
        return new IntentLog(
                (number, block) ->
                        transaction.executeWithoutResult(_ -> {
                            lease.confirm();
                            records.intents().open(run, number, block);
                        }),
                job.rate().perMinute(),
                job.api().inFlight(),
                stop,
                System::nanoTime);
    }

    /// Where blocks are kept.
    @FunctionalInterface
    interface Blocks {
        /// Returns when the block is committed. The same block again changes nothing.
        ///
        /// @throws LeaseLost when another run has taken over
        void write(long number, List<ClaimedIntent> block);
    }

    private record Waiting(ClaimedIntent intent, CompletableFuture<Boolean> written) {}

    /// For the turns of one page.
    Intents of(long claim) {
        return (intent, opensTurn) -> record(new ClaimedIntent(claim, intent), opensTurn);
    }

    private Intents.@Nullable Recorded record(ClaimedIntent intent, boolean opensTurn) {
        var mine = new Waiting(intent, new CompletableFuture<>());
        synchronized (this) {
            (opensTurn ? opening : continuing).add(mine);
            writeIfLow();
        }
        // not cut short: the block is written or refused within the patience with the database
        if (!mine.written().join()) {
            return null;
        }
        var counted = new AtomicBoolean();
        return () -> {
            if (!counted.getAndSet(true)) {
                passed();
            }
        };
    }

    private synchronized void passed() {
        ahead--;
        writeIfLow();
    }

    /// The next block is written while the second half of what is ahead is being sent.
    private void writeIfLow() {
        if (!writing && ahead <= window() / 2 && !(continuing.isEmpty() && opening.isEmpty())) {
            writing = true;
            // everybody waits for it: not in the line of those who wait
            Thread.ofPlatform().daemon().name("intents").start(this::writeBlock);
        }
    }

    private void writeBlock() {
        List<Waiting> block = next();
        boolean written = false;
        try {
            written = isWritten(block.stream().map(Waiting::intent).toList());
        } finally {
            finish(block, written);
        }
    }

    private synchronized List<Waiting> next() {
        number++;
        int size = Math.max(1, window() - ahead);
        List<Waiting> block = new ArrayList<>(size);
        while (block.size() < size && !(continuing.isEmpty() && opening.isEmpty())) {
            block.add(continuing.isEmpty() ? opening.remove() : continuing.remove());
        }
        return block;
    }

    private synchronized void finish(List<Waiting> block, boolean written) {
        writing = false;
        if (written) {
            ahead += block.size();
        }
        block.forEach(waiting -> waiting.written().complete(written));
        if (written) {
            writeIfLow();
        } else {
            refuse(continuing);
            refuse(opening);
        }
    }

    private static void refuse(Queue<Waiting> all) {
        all.forEach(waiting -> waiting.written().complete(false));
        all.clear();
    }

    private int window() {
        double seconds = Math.max(AHEAD.toNanos(), 4 * lastTook) / 1e9;
        return Math.clamp((long) (perSecond * seconds), 1, most);
    }

    private boolean isWritten(List<ClaimedIntent> block) {
        if (stop.isRaised() || broken) {
            return false;
        }
        RuntimeException failure = failureOf(block);
        if (failure != null && !(failure instanceof LeaseLost)) {
            LOG.warn("requests could not be put on record: {}", said(failure));
            failure = stop.pause(BEFORE_SECOND_TRY) ? failureOf(block) : failure;
        }
        if (failure != null) {
            broken = true;
            if (failure instanceof LeaseLost) {
                stop.raise(ExitCode.LOCKED, String.valueOf(failure.getMessage()));
            } else {
                stop.raise(
                        ExitCode.UNAVAILABLE,
                        "the database does not take down what is about to be sent, so nothing is sent: "
                                + said(failure));
            }
        }
        return failure == null;
    }

    private @Nullable RuntimeException failureOf(List<ClaimedIntent> block) {
        long before = nanoTime.getAsLong();
        try {
            blocks.write(number, block);
            lastTook = nanoTime.getAsLong() - before;
            return null;
        } catch (RuntimeException failure) {
            return failure;
        }
    }

    private static String said(RuntimeException failure) {
        return String.valueOf(NestedExceptionUtils.getMostSpecificCause(failure).getMessage())
                .lines()
                .findFirst()
                .orElse("");
    }
}
