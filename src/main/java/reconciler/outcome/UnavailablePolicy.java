package reconciler.outcome;

/// What 5xx, time-outs and lost answers cost: `attempts` tries with `backoff` between them, then
/// FAILED.
public record UnavailablePolicy(int attempts, Backoff backoff) {}
