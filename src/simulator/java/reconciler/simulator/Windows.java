package reconciler.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Counting within sliding windows.
final class Windows {

    private Windows() {}

    /// The most of the given instants, in order, that lie less than `window` apart.
    static int mostWithin(Duration window, List<Instant> sorted) {
        int most = 0;
        int first = 0;
        for (int last = 0; last < sorted.size(); last++) {
            Instant opens = sorted.get(last).minus(window);
            while (!sorted.get(first).isAfter(opens)) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }
}
