package reconciler.outcome;

/// What becomes of a change when a retry policy has no tries left.
public enum Exhausted {
    /// Settle it with a terminal outcome and go on: a skip in Batch's counters.
    SKIP,
    /// Put it back to PENDING, due later, for the next run.
    DEFER
}
