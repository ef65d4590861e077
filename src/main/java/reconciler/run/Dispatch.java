package reconciler.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import reconciler.change.AttributeChange;
import reconciler.change.Commitment;
import reconciler.change.Participant;
import reconciler.change.ParticipantChanges;
import reconciler.outcome.Turn;
import reconciler.patch.AttributePatcher;
import reconciler.patch.PageImages;
import reconciler.patch.Predecessors;
import reconciler.queue.ClaimedPage;

/// Sends claimed pages: one turn for each participant, each on a virtual thread of its own. Touches
/// no transaction of its caller's.
///
/// @param doubts what is known of requests that may still be on their way
record Dispatch(AttributePatcher patcher, IntentLog intents, Backlog backlog, Doubts doubts) {
    /// What a row weighs beside its value: itself, its settlement, its share of an attempt.
    private static final int BYTES_PER_ROW = 1024;

    /// Begins the turns of a page; they end by themselves.
    SentPage send(ClaimedPage page) {
        Map<Participant, ParticipantChanges> owed = byParticipant(page);
        Map<Participant, Predecessors> older = doubts.in(page);
        Set<Participant> participants = new LinkedHashSet<>(owed.keySet());
        participants.addAll(older.keySet());
        PageImages images =
                patcher.newPage(owed.values(), intents.of(page.claim()), foreseen(page));
        long bytes = bytes(page);
        backlog.began(participants.size(), bytes);
        return new SentPage(
                page,
                participants.stream()
                        .map(one -> turn(owed.get(one), older.get(one), images))
                        .toList(),
                bytes);
    }

    private CompletableFuture<Turn> turn(
            @Nullable ParticipantChanges changes, @Nullable Predecessors older, PageImages images) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return older == null
                                ? patcher.patch(Objects.requireNonNull(changes), images)
                                : patcher.patch(changes, older, images);
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

    private static Map<Participant, ParticipantChanges> byParticipant(ClaimedPage page) {
        Map<Participant, List<AttributeChange>> participants = new LinkedHashMap<>();
        for (ClaimedPage.Row row : page.rows()) {
            if (row.supersededBy() == null) {
                participants
                        .computeIfAbsent(row.change().participant(), _ -> new ArrayList<>())
                        .add(row.change());
            }
        }
        Map<Participant, ParticipantChanges> owed = new LinkedHashMap<>();
        participants.forEach((one, changes) -> owed.put(one, new ParticipantChanges(changes)));
        return owed;
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
