package reconciler.simulator;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/// A write that took effect.
///
/// @param sequence counts the writes from 1, in the order they took effect
/// @param attributes what this write set, as it was stored
/// @param token a fingerprint of the access token, never the token
/// @param correlationId the one its answer carried, or would have carried
public record AppliedWrite(
        long sequence,
        Instant at,
        String conversationId,
        String participantId,
        Map<String, String> attributes,
        String token,
        UUID correlationId) {

    boolean isTo(String conversation, String participant) {
        return participantId.equals(participant) && conversationId.equals(conversation);
    }
}
