package reconciler.simulator;

import java.time.Instant;
import java.util.UUID;

/// A request as the ledger keeps it: the path is rebuilt when it is asked for.
record LedgerRow(
        long sequence,
        Instant at,
        String method,
        Target target,
        int status,
        boolean applied,
        UUID correlationId) {

    boolean isFor(Address address) {
        return target.subject().equals(address);
    }

    SeenRequest seen() {
        return new SeenRequest(
                sequence,
                at,
                method,
                target.path(),
                target.subject().conversationId(),
                target.subject().participantId(),
                status,
                applied,
                correlationId);
    }
}
