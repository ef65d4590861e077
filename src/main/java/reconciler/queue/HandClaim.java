package reconciler.queue;

/// What came of taking one change by hand.
public sealed interface HandClaim {
    record Taken(ClaimedPage page) implements HandClaim {}

    /// Nothing was taken.
    record Refused(Obstacle obstacle) implements HandClaim {}
}
