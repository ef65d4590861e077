package reconciler.outcome;

/// What 409 costs: `attempts` tries with `backoff` between them, then `exhausted`.
public record ConflictPolicy(int attempts, Backoff backoff, Exhausted exhausted) {}
