package reconciler.change;

import java.util.UUID;

/// One participant of one conversation: the unit that one PATCH addresses.
public record Participant(UUID conversationId, UUID participantId) {}
