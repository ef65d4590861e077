package reconciler.simulator;

import java.util.Map;

/// The one shape in which the API says "later".
final class TooManyRequests {

    private TooManyRequests() {}

    /// @param retryAfter sent as it is; the real API sends whole seconds
    static Answer to(Visit visit, String retryAfter) {
        return new ErrorBody(
                        429,
                        "too.many.requests.retry.after",
                        "Rate limit exceeded the maximum. Retry the request in [%s] seconds"
                                .formatted(retryAfter))
                .to(visit)
                .with(Map.of("Retry-After", retryAfter));
    }
}
