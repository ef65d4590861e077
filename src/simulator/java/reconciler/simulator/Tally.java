package reconciler.simulator;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Counts that are kept even when rows are not.
final class Tally {

    private final Map<Integer, LongAdder> byStatus = new ConcurrentHashMap<>();
    private final LongAdder applied = new LongAdder();

    void add(int status, boolean wasApplied) {
        byStatus.computeIfAbsent(status, _ -> new LongAdder()).increment();
        if (wasApplied) {
            applied.increment();
        }
    }

    Totals totals(int mostInFlight) {
        Map<Integer, Long> counts = new TreeMap<>();
        byStatus.forEach((status, count) -> counts.put(status, count.sum()));
        long requests = counts.values().stream().mapToLong(Long::longValue).sum();
        Long dropped = counts.remove(0);
        return new Totals(
                requests, applied.sum(), dropped == null ? 0 : dropped, counts, mostInFlight);
    }
}
