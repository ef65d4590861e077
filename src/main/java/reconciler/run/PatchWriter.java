package reconciler.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ItemWriter;
import reconciler.change.AttributeChange;
import reconciler.change.ChangeState;
import reconciler.change.Commitment;
import reconciler.change.Participant;
import reconciler.change.ParticipantChanges;
import reconciler.outcome.Attempt;
import reconciler.outcome.Disposition;
import reconciler.outcome.Evidence;
import reconciler.outcome.Settlement;
import reconciler.outcome.Turn;
import reconciler.queue.ClaimLost;
import reconciler.queue.ClaimedPage;

/// Sends a claimed page, then settles it: row states, attempts, outcomes and Batch's counters are
/// one transaction. No SQL before the last call has ended, so that no connection is held while
/// waiting for the API.
class PatchWriter implements ItemWriter<ClaimedPage> {
    private final RunContext run;
    private final StepExecution step;

    PatchWriter(RunContext run, StepExecution step) {
        this.run = run;
        this.step = step;
    }

    @Override
    public void write(Chunk<? extends ClaimedPage> pages) {
        try {
            for (ClaimedPage page : pages) {
                write(page);
            }
        } catch (LeaseLost | ClaimLost lost) {
            run.stop().raise(ExitCode.LOCKED, String.valueOf(lost.getMessage()));
            throw lost;
        } catch (RuntimeException | Error fault) {
            run.stop().raise(ExitCode.BUG, "a page could not be settled");
            throw fault;
        }
        if (run.stop().isRaised()) {
            step.setTerminateOnly();
        }
    }

    private void write(ClaimedPage page) {
        List<Turn> turns = send(page);
        List<Settlement> settlements = new ArrayList<>(superseded(page));
        List<Attempt> attempts = new ArrayList<>();
        for (Turn turn : turns) {
            settlements.addAll(turn.settlements());
            attempts.addAll(turn.attempts());
        }
        settle(page.claim(), attempts, settlements);
        count(settlements);
        run.tally().add(settlements);
        run.failures().saw(settlements);
    }

    private List<Turn> send(ClaimedPage page) {
        List<ParticipantChanges> participants = byParticipant(page);
        var images =
                run.patcher().newPage(participants, run.intents().of(page.claim()), foreseen(page));
        List<Future<Turn>> calls;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            calls =
                    participants.stream()
                            .map(changes ->
                                    threads.submit(() -> run.patcher().patch(changes, images)))
                            .toList();
        }
        return calls.stream().map(Future::resultNow).toList();
    }

    private void settle(long claim, List<Attempt> attempts, List<Settlement> settlements) {
        run.lease().confirm();
        run.records().queue().settle(claim, settlements);
        run.records().intents().close(claim);
        run.records().trail().append(run.run(), step.getStepName(), claim, attempts, settlements);
    }

    /// Batch counts the page as one item read and one written; rows are what people ask about.
    private void count(List<Settlement> settlements) {
        int written = 0;
        int filtered = 0;
        int skipped = 0;
        for (Settlement settlement : settlements) {
            switch (BatchCounter.of(settlement.disposition())) {
                case WRITE -> written++;
                case FILTER -> filtered++;
                case SKIP -> skipped++;
                case NONE -> {}
            }
        }
        step.setReadCount(step.getReadCount() + settlements.size() - 1);
        step.setWriteCount(step.getWriteCount() + written - 1);
        step.setFilterCount(step.getFilterCount() + filtered);
        step.setProcessSkipCount(step.getProcessSkipCount() + skipped);
    }

    private static List<ParticipantChanges> byParticipant(ClaimedPage page) {
        Map<Participant, List<AttributeChange>> participants = new LinkedHashMap<>();
        for (ClaimedPage.Row row : page.rows()) {
            if (row.supersededBy() == null) {
                participants
                        .computeIfAbsent(row.change().participant(), _ -> new ArrayList<>())
                        .add(row.change());
            }
        }
        return participants.values().stream().map(ParticipantChanges::new).toList();
    }

    private static Map<Long, Commitment> foreseen(ClaimedPage page) {
        Map<Long, Commitment> foreseen = new HashMap<>();
        for (ClaimedPage.Row row : page.rows()) {
            if (row.foreseen() != null) {
                foreseen.put(row.change().id(), row.foreseen());
            }
        }
        return foreseen;
    }

    private static List<Settlement> superseded(ClaimedPage page) {
        return page.rows().stream()
                .filter(row -> row.supersededBy() != null)
                .map(row ->
                        Settlement.unsent(
                                row.change(),
                                Disposition.Settled.as(ChangeState.SUPERSEDED),
                                Evidence.of(
                                        "superseded",
                                        "change " + row.supersededBy() + " is newer")))
                .toList();
    }
}
