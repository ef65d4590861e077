package reconciler.simulator;

import java.time.Instant;
import java.util.UUID;

/// A request that arrived, whatever became of it.
///
/// @param sequence counts the requests from 1, in the order they arrived
/// @param at when it arrived, its body included
/// @param status 0 when no answer was sent
/// @param applied whether it changed attributes
public record SeenRequest(
        long sequence,
        Instant at,
        String method,
        String path,
        String conversationId,
        String participantId,
        int status,
        boolean applied,
        UUID correlationId) {

    public boolean dropped() {
        return status == 0;
    }
}
