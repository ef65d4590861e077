package reconciler.outcome;

import java.time.Duration;

/// What 429 costs.
///
/// @param maxWait the longest pause, and the longest sum of pauses for one participant, that is
///   waited out inside the run
/// @param missing the pause where the API names none (the vendor's SDKs take 3 s)
/// @param exhausted what becomes of the row when the pause is longer than that
public record ThrottlePolicy(Duration maxWait, Duration missing, Exhausted exhausted) {}
