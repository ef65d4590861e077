package reconciler.patch;

import java.time.Duration;

/// What was done so far.
///
/// @param requests requests to the API that went on the wire; not those for tokens
/// @param throttled how many of them were answered 429
/// @param sending from the first request that was sent to the last answer; zero without requests
/// @param waiting time spent waiting for the pace and between tries, summed over all participants
public record PatchStatistics(long requests, long throttled, Duration sending, Duration waiting) {}
