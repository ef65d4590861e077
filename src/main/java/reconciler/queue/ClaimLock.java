package reconciler.queue;

/// Held to the end of its transaction by whoever takes rows, or takes them back: one at a time.
final class ClaimLock {
    /// The call, for a SELECT.
    static final String TAKE = "pg_advisory_xact_lock(hashtextextended('reconciler.claim', 0))";

    private ClaimLock() {}
}
