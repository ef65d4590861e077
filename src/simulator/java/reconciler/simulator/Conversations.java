package reconciler.simulator;

import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The state behind the API: seed it before a run, look at it after.
public final class Conversations {

    private final Map<String, Conversation> conversations = new ConcurrentHashMap<>();
    private final InstantSource time;

    Conversations(InstantSource time) {
        this.time = time;
    }

    public void add(String conversationId, String participantId, String purpose) {
        add(conversationId, participantId, purpose, Map.of());
    }

    /// Adds a participant, or puts a new one in the place of an old one.
    public void add(
            String conversationId,
            String participantId,
            String purpose,
            Map<String, String> attributes) {
        Address address = new Address(conversationId, participantId);
        entry(address).put(new Participant(address, purpose, attributes));
    }

    public void end(String conversationId) {
        Conversation conversation = find(conversationId);
        if (conversation == null) {
            throw new IllegalArgumentException("no conversation " + conversationId);
        }
        conversation.endAt(time.instant());
    }

    /// Moves a participant on, so that a full object read earlier is stale.
    public void move(String conversationId, String participantId, String state, String wrapUp) {
        known(conversationId, participantId).move(state, wrapUp);
    }

    /// The attributes as they are, whether or not a reader can see them yet.
    public Map<String, String> attributes(String conversationId, String participantId) {
        return known(conversationId, participantId).attributes();
    }

    public Optional<String> value(String conversationId, String participantId, String name) {
        return Optional.ofNullable(attributes(conversationId, participantId).get(name));
    }

    /// Everybody, in no order that means anything.
    public Stream<Party> parties() {
        return conversations.values().stream()
                .flatMap(conversation -> conversation.participants().stream())
                .map(participant ->
                        new Party(
                                participant.address().conversationId(),
                                participant.address().participantId(),
                                participant.purpose()));
    }

    @Nullable Conversation find(String conversationId) {
        return conversations.get(conversationId);
    }

    Participant adopt(Address address, String purpose) {
        return entry(address)
                .findOrAdd(
                        address.participantId(), () -> new Participant(address, purpose, Map.of()));
    }

    private Conversation entry(Address address) {
        Function<String, Conversation> empty = _ -> new Conversation();
        return conversations.computeIfAbsent(address.conversationId(), empty);
    }

    private Participant known(String conversationId, String participantId) {
        Conversation conversation = find(conversationId);
        Participant participant = conversation == null ? null : conversation.find(participantId);
        if (participant == null) {
            throw new IllegalArgumentException(
                    "no participant " + participantId + " in conversation " + conversationId);
        }
        return participant;
    }
}
