package reconciler.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A fixed window per key, opened by the first request and reopened by the first one after it.
final class RateWindows {

    private final RateLimit limit;
    private final InstantSource time;
    private final Map<String, Window> windows = new ConcurrentHashMap<>();

    private record Window(Instant closes, int count) {}

    RateWindows(RateLimit limit, InstantSource time) {
        this.limit = limit;
        this.time = time;
    }

    /// Counts one request, refused ones included.
    Allowance take(String key) {
        if (limit.isNone()) {
            return new Allowance(0, 0, 0);
        }
        Instant now = time.instant();
        Window fresh = new Window(now.plus(limit.window()), 1);
        Window window =
                windows.merge(
                        key,
                        fresh,
                        (open, _) ->
                                open.closes().isAfter(now)
                                        ? new Window(open.closes(), open.count() + 1)
                                        : fresh);
        return new Allowance(
                window.count(), limit.allowed(), secondsUp(Duration.between(now, window.closes())));
    }

    private static long secondsUp(Duration left) {
        return Math.max(1, left.plusSeconds(1).minusNanos(1).toSeconds());
    }
}
