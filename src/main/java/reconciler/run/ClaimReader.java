package reconciler.run;

import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ItemReader;
import reconciler.queue.ClaimedPage;
import reconciler.queue.ClaimedPage.Position;
import reconciler.queue.Rank;

/// Claims the pages of one partition, sends them, and gives each one on when its last answer is
/// there; one page is one item is one chunk. While a page waits for a slow answer the next ones are
/// under way. Keeps no position across restarts: the state column is the restart state.
class ClaimReader implements ItemReader<SentPage>, StepExecutionListener {
    /// How long to leave rows alone whose participant is in flight under another role or in another
    /// page, or whose turn a slow lease took.
    private static final Duration BETWEEN_SWEEPS = Duration.ofMillis(50);

    private final RunContext run;
    private final PartitionContext partition;
    private final PagesUnderWay underWay;
    private final DeadRuns beside;
    private @Nullable StepExecution step;
    private int remaining;
    private @Nullable Position position;
    private @Nullable Iterator<Rank> ranks;
    private Rank rank = Rank.LAST;

    ClaimReader(RunContext run, PartitionContext partition) {
        this.run = run;
        this.partition = partition;
        this.underWay = new PagesUnderWay(run.dispatch());
        this.beside = new DeadRuns(run.records().beside());
        this.remaining = partition.limit();
    }

    private enum Supply {
        TAKEN,
        ENOUGH,
        NOT_NOW,
        NONE_LEFT
    }

    /// A partition whose turn comes after the stop does not begin.
    @Override
    public void beforeStep(StepExecution step) {
        this.step = step;
        if (run.stop().isRaised()) {
            step.setTerminateOnly();
        }
    }

    /// A partition that broke may have left rows IN_FLIGHT: the others would wait for them for
    /// ever. Its calls are over before it is.
    @Override
    public ExitStatus afterStep(StepExecution step) {
        if (step.getStatus() != BatchStatus.STOPPED && !step.getFailureExceptions().isEmpty()) {
            run.stop().raise(ExitCode.BUG, "a partition broke: " + step.getStepName());
        }
        underWay.awaitAll();
        return step.getExitStatus();
    }

    @Override
    public @Nullable SentPage read() {
        if (Thread.currentThread().isInterrupted()) {
            run.stop().raise(ExitCode.STOPPED, "a partition was interrupted");
        }
        SentPage ended = underWay.poll();
        while (ended == null) {
            switch (supply()) {
                case TAKEN -> {}
                case ENOUGH -> underWay.awaitEndOrRoom(BETWEEN_SWEEPS);
                case NOT_NOW -> underWay.awaitEnd(BETWEEN_SWEEPS);
                case NONE_LEFT -> {
                    if (underWay.isEmpty()) {
                        return end();
                    }
                    underWay.awaitEnd(BETWEEN_SWEEPS);
                }
            }
            ended = underWay.poll();
        }
        return ended;
    }

    /// Batch would call a partition COMPLETED that was stopped on the way.
    private @Nullable SentPage end() {
        if (run.stop().isRaised()) {
            Objects.requireNonNull(step).setTerminateOnly();
        }
        return null;
    }

    private Supply supply() {
        if (remaining <= 0 || run.stop().isRaised()) {
            return Supply.NONE_LEFT;
        }
        // what is claimed while the lease is about to expire could not be sent
        if (!run.lease().covers(run.job().api().timeout())) {
            return Supply.NOT_NOW;
        }
        if (underWay.isEmpty()) {
            return claim();
        }
        Backlog backlog = run.dispatch().backlog();
        if (!backlog.mayClaimAhead()) {
            return Supply.ENOUGH;
        }
        try {
            return claim();
        } finally {
            backlog.claimed();
        }
    }

    private Supply claim() {
        run.bookTokens();
        Supply supply = claimNext();
        if (supply == Supply.NOT_NOW) {
            var _ = beside.buryAbandoned("run " + run.run());
        }
        return supply;
    }

    private Supply claimNext() {
        if (ranks == null) {
            ranks = run.records().due().ranks(partition.partition(), run.scope()).iterator();
            lower(ranks);
        }
        int size = Math.min(remaining, run.job().partitions().chunk());
        ClaimedPage page =
                run.records()
                        .queue()
                        .behind(run.lease())
                        .claim(partition.partition(), run.scope(), rank, position, size);
        position = page.end();
        if (!page.rows().isEmpty()) {
            remaining -= Math.min(remaining, page.rows().size());
            ClaimedPage fit = new Screening(run.records(), run.lease()).fit(page);
            if (fit.rows().isEmpty()) {
                return claimNext();
            }
            underWay.send(fit);
            return Supply.TAKEN;
        }
        if (ranks.hasNext()) {
            lower(ranks);
            return claimNext();
        }
        if (run.records().due().isStillDue(partition.partition(), run.scope())) {
            return Supply.NOT_NOW;
        }
        remaining = 0;
        return Supply.NONE_LEFT;
    }

    /// The next pass over the partition: what is urgent has been taken. The last one takes
    /// everything.
    private void lower(Iterator<Rank> left) {
        Rank next = left.hasNext() ? left.next() : Rank.LAST;
        rank = left.hasNext() ? next : Rank.LAST;
    }
}
