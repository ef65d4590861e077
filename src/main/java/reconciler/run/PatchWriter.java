package reconciler.run;

import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ItemWriter;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import reconciler.outcome.Settlement;
import reconciler.queue.ClaimLost;

/// Settles a page whose last call has ended: row states, attempts, outcomes and Batch's counters
/// are one transaction, and nothing in it waits for the API.
class PatchWriter implements ItemWriter<SentPage> {
    private final RunContext run;
    private final StepExecution step;
    private final PageBooks books;

    PatchWriter(RunContext run, StepExecution step) {
        this.run = run;
        this.step = step;
        this.books = new PageBooks(run, step.getStepName());
    }

    @Override
    public void write(Chunk<? extends SentPage> pages) {
        try {
            for (SentPage page : pages) {
                write(page);
                run.dispatch().backlog().settled(page.bytes());
            }
        } catch (LeaseLost | ClaimLost lost) {
            run.stop().raise(ExitCode.LOCKED, String.valueOf(lost.getMessage()));
            throw lost;
        } catch (RuntimeException | Error fault) {
            run.stop().raise(ExitCode.BUG, "a page could not be settled");
            throw fault;
        }
    }

    private void write(SentPage sent) {
        Entered entered = books.enter(sent);
        count(entered);
        afterCommit(() -> {
            run.tally().add(entered.settled());
            run.failures().saw(entered);
        });
    }

    /// What is not committed did not happen, for whoever is told of it.
    private static void afterCommit(Runnable told) {
        TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        told.run();
                    }
                });
    }

    /// Batch counts the page as one item read and one written; rows are what people ask about.
    private void count(Entered entered) {
        int written = 0;
        int filtered = 0;
        int skipped = entered.aside().size();
        for (Settlement settlement : entered.settled()) {
            switch (BatchCounter.of(settlement.disposition())) {
                case WRITE -> written++;
                case FILTER -> filtered++;
                case SKIP -> skipped++;
                case NONE -> {}
            }
        }
        step.setReadCount(
                step.getReadCount() + entered.settled().size() + entered.aside().size() - 1);
        step.setWriteCount(step.getWriteCount() + written - 1);
        step.setFilterCount(step.getFilterCount() + filtered);
        step.setProcessSkipCount(step.getProcessSkipCount() + skipped);
    }
}
