package reconciler.bench.peer;

import java.time.Duration;

/// A 429 where a framework wants an exception.
final class Throttled extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Duration retryAfter;

    private Throttled(Duration retryAfter) {
        super("429", null, false, false);
        this.retryAfter = retryAfter;
    }

    Duration retryAfter() {
        return retryAfter;
    }

    static PeerApi.Reply unless(PeerApi.Reply reply) {
        if (reply.isThrottled()) {
            throw new Throttled(reply.retryAfter());
        }
        return reply;
    }
}
