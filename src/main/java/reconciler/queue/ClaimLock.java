package reconciler.queue;

/// Held to the end of its transaction by whoever takes rows, or takes them back: one at a time.
final class ClaimLock {
    private static final String LOCK =
            "pg_advisory_xact_lock(hashtextextended('reconciler.claim', 0))";

    /// Waits for it. What follows in the transaction goes along indexes.
    static final String TAKE = "SELECT " + LOCK + ", " + IndexWalk.IN_ORDER_ONLY;

    private ClaimLock() {}
}
