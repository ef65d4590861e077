package reconciler.simulator;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One conversation and who takes part in it, in the order they came.
final class Conversation {

    private final Map<String, Participant> participants = LinkedHashMap.newLinkedHashMap(2);
    private @Nullable Instant endedAt;

    synchronized @Nullable Participant find(String participantId) {
        return participants.get(participantId);
    }

    synchronized Participant findOrAdd(String participantId, Supplier<Participant> newcomer) {
        return participants.computeIfAbsent(participantId, _ -> newcomer.get());
    }

    synchronized void put(Participant participant) {
        participants.put(participant.address().participantId(), participant);
    }

    synchronized List<Participant> participants() {
        return List.copyOf(participants.values());
    }

    synchronized @Nullable Instant endedAt() {
        return endedAt;
    }

    synchronized void endAt(Instant when) {
        endedAt = when;
    }
}
