package reconciler.simulator;

import java.util.Map;

/// A write as the ledger keeps it; its own sequence is its place in the ledger.
///
/// @param request the sequence of the request that brought it
record WriteRow(
        long request, long micros, Address address, Map<String, String> attributes, String token) {

    AppliedWrite applied(long sequence, Correlations correlations) {
        return new AppliedWrite(
                sequence,
                Micros.instant(micros),
                address.conversationId(),
                address.participantId(),
                attributes,
                token,
                correlations.of(request));
    }
}
