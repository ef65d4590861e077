package reconciler.simulator;

/// A request as the ledger keeps it, small enough for a million of them: times are microseconds,
/// and the correlation id follows from the sequence.
record LedgerRow(
        long sequence, long micros, String method, Target target, int status, boolean applied) {

    boolean isFor(Address address) {
        return target.subject().equals(address);
    }

    SeenRequest seen(Correlations correlations) {
        return new SeenRequest(
                sequence,
                Micros.instant(micros),
                method,
                target.path(),
                target.subject().conversationId(),
                target.subject().participantId(),
                status,
                applied,
                correlations.of(sequence));
    }
}
