package reconciler.simulator;

import java.util.Map;

/// Where a token stands in its window.
///
/// @param allowed 0 when there is no limit
/// @param reset seconds until the window closes
record Allowance(int count, int allowed, long reset) {

    boolean exceeded() {
        return count > allowed;
    }

    Map<String, String> headers() {
        return allowed == 0
                ? Map.of()
                : Map.of(
                        "inin-ratelimit-count", Integer.toString(count),
                        "inin-ratelimit-allowed", Integer.toString(allowed),
                        "inin-ratelimit-reset", Long.toString(reset));
    }
}
