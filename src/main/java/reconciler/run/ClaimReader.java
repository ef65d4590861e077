package reconciler.run;

import java.time.Duration;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ItemReader;
import reconciler.queue.ClaimedPage;
import reconciler.queue.ClaimedPage.Position;

/// Claims the pages of one partition; one page is one item is one chunk. Keeps no position across
/// restarts: the state column is the restart state.
class ClaimReader implements ItemReader<ClaimedPage>, StepExecutionListener {
    /// How long to leave rows alone whose participant is in flight under another role, or whose
    /// turn a slow lease took.
    private static final Duration BETWEEN_SWEEPS = Duration.ofMillis(50);

    private final RunContext run;
    private final PartitionContext partition;
    private int remaining;
    private @Nullable Position position;
    private @Nullable Iterator<Integer> priorities;
    private int atLeast;

    ClaimReader(RunContext run, PartitionContext partition) {
        this.run = run;
        this.partition = partition;
        this.remaining = partition.limit();
    }

    /// A partition whose turn comes after the stop does not begin.
    @Override
    public void beforeStep(StepExecution step) {
        if (run.stop().isRaised()) {
            step.setTerminateOnly();
        }
    }

    /// A partition that broke may have left rows IN_FLIGHT: the others would wait for them for
    /// ever.
    @Override
    public ExitStatus afterStep(StepExecution step) {
        if (step.getStatus() != BatchStatus.STOPPED && !step.getFailureExceptions().isEmpty()) {
            run.stop().raise(ExitCode.BUG, "a partition broke: " + step.getStepName());
        }
        return step.getExitStatus();
    }

    @Override
    public @Nullable ClaimedPage read() {
        while (remaining > 0 && mayClaim()) {
            if (priorities == null) {
                priorities =
                        run.records()
                                .due()
                                .priorities(partition.partition(), run.scope())
                                .iterator();
                lower(priorities);
            }
            int size = Math.min(remaining, run.job().partitions().chunk());
            ClaimedPage page =
                    run.records()
                            .queue()
                            .claim(partition.partition(), run.scope(), atLeast, position, size);
            position = page.end();
            if (!page.rows().isEmpty()) {
                remaining -= Math.min(remaining, page.rows().size());
                return page;
            }
            if (priorities.hasNext()) {
                lower(priorities);
                continue;
            }
            if (!run.records().due().isStillDue(partition.partition(), run.scope())
                    || !run.stop().pause(BETWEEN_SWEEPS)) {
                return null;
            }
        }
        return null;
    }

    /// The next pass over the partition: what is urgent has been taken. The last one takes
    /// everything.
    private void lower(Iterator<Integer> left) {
        int next = left.hasNext() ? left.next() : Short.MIN_VALUE;
        atLeast = left.hasNext() ? next : Short.MIN_VALUE;
    }

    /// What is claimed while the lease is about to expire could not be sent.
    private boolean mayClaim() {
        while (!run.lease().covers(run.job().api().timeout())) {
            if (!run.stop().pause(BETWEEN_SWEEPS)) {
                return false;
            }
        }
        return !run.stop().isRaised();
    }
}
