package reconciler.patch;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reconciler.change.AttributeChange;
import reconciler.change.Commitment;
import reconciler.change.Participant;
import reconciler.change.ParticipantChanges;
import reconciler.outcome.Evidence;

/// What the turns of one page share: where their requests are written down, and the conversations,
/// each read once for all its participants. Keeps no more of them than the page's own participants;
/// thrown away with the page.
public final class PageImages {
    private static final Reading WITHHELD = new Reading.Withheld();

    private final Intents intents;
    private final Map<UUID, Set<UUID>> wanted;
    private final Map<UUID, SingleFlight<Reading>> readings = new ConcurrentHashMap<>();
    private final Map<Long, Commitment> foreseen;

    PageImages(
            Collection<ParticipantChanges> page, Intents intents, Map<Long, Commitment> foreseen) {
        this.intents = intents;
        this.foreseen = Map.copyOf(foreseen);
        wanted =
                page.stream()
                        .map(ParticipantChanges::participant)
                        .collect(
                                Collectors.groupingBy(
                                        Participant::conversationId,
                                        Collectors.mapping(
                                                Participant::participantId, Collectors.toSet())));
    }

    Intents intents() {
        return intents;
    }

    /// Whether a plan said what is there now.
    boolean isPlanned(AttributeChange change) {
        return foreseen.containsKey(change.id());
    }

    /// Why nobody agreed to this change where the value is this one: its plan saw another, or could
    /// not see any.
    ///
    /// @param read what the read left behind that showed the value
    /// @return null when it may be sent
    @Nullable Evidence objection(AttributeChange change, @Nullable String value, Evidence read) {
        Commitment seen = foreseen.get(change.id());
        if (seen == null || seen.isTo(change.id(), value == null ? null : StorableText.of(value))) {
            return null;
        }
        return seen.isToNothingSeen()
                ? read.withReason(
                        "plan.not-seen", "not sent, since its plan did not see what was there")
                : read.withReason("plan.drifted", "drifted since the plan");
    }

    /// What the one read of the participant's conversation came to. Whoever asks first makes it.
    Reading of(Participant participant, Supplier<Reading> read) {
        var mine = new SingleFlight<Reading>();
        SingleFlight<Reading> first = readings.putIfAbsent(participant.conversationId(), mine);
        return first == null
                ? mine.fly(() -> trimmed(participant, read.get()))
                : first.await(WITHHELD);
    }

    private Reading trimmed(Participant participant, Reading reading) {
        return switch (reading) {
            case Reading.Found(Conversation conversation, var evidence) ->
                    new Reading.Found(
                            conversation.only(
                                    wanted.getOrDefault(
                                            participant.conversationId(),
                                            conversation.participants().keySet())),
                            evidence);
            case Reading.Unreachable _, Reading.Failed _, Reading.Postponed _, Reading.Withheld _ ->
                    reading;
        };
    }
}
