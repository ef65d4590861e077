package reconciler.simulator;

/// A participant as it can be listed: where it is and what it is there for.
public record Party(String conversationId, String participantId, String purpose) {}
