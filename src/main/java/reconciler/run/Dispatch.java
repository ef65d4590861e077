package reconciler.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import reconciler.change.AttributeChange;
import reconciler.change.Commitment;
import reconciler.change.Participant;
import reconciler.change.ParticipantChanges;
import reconciler.outcome.Turn;
import reconciler.patch.AttributePatcher;
import reconciler.patch.PageImages;
import reconciler.queue.ClaimedPage;

/// Sends claimed pages: one turn for each participant, each on a virtual thread of its own. Touches
/// no transaction of its caller's.
record Dispatch(AttributePatcher patcher, IntentLog intents, Backlog backlog) {
    /// What a row weighs beside its value: itself, its settlement, its share of an attempt.
    private static final int BYTES_PER_ROW = 1024;

    /// Begins the turns of a page; they end by themselves.
    SentPage send(ClaimedPage page) {
        List<ParticipantChanges> participants = byParticipant(page);
        PageImages images = patcher.newPage(participants, intents.of(page.claim()), foreseen(page));
        long bytes = bytes(page);
        backlog.began(participants.size(), bytes);
        return new SentPage(
                page, participants.stream().map(changes -> turn(changes, images)).toList(), bytes);
    }

    private CompletableFuture<Turn> turn(ParticipantChanges changes, PageImages images) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return patcher.patch(changes, images);
                    } finally {
                        backlog.turnEnded();
                    }
                },
                Thread::startVirtualThread);
    }

    private static long bytes(ClaimedPage page) {
        return page.rows().stream()
                .mapToLong(row -> BYTES_PER_ROW + row.change().value().length())
                .sum();
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
}
