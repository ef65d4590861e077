package reconciler.simulator;

import java.util.Map;

/// The ledger in numbers.
///
/// @param requests all that arrived and are over
/// @param applied those that changed attributes
/// @param dropped those that got no answer
/// @param byStatus how many got which status
/// @param mostInFlight the most requests for one participant at once; above 1 they overlapped
public record Totals(
        long requests, long applied, long dropped, Map<Integer, Long> byStatus, int mostInFlight) {}
