package reconciler.simulator;

/// Whom a request is about; the participant is empty when it is about the whole conversation.
record Address(String conversationId, String participantId) {

    static final Address TOKEN = new Address("(token)", "");
    static final Address NOBODY = new Address("", "");

    /// The identifiers are kept in a million ledger rows, so each is kept once.
    Address {
        conversationId = conversationId.intern();
        participantId = participantId.intern();
    }

    /// The same in every run, unlike a record's own hash code by contract.
    long fingerprint() {
        return 31L * conversationId.hashCode() + participantId.hashCode();
    }
}
