package reconciler.run;

import reconciler.outcome.Disposition;

/// Where a row shows in Batch's own step counters.
enum BatchCounter {
    WRITE,
    FILTER,
    SKIP,
    /// Back to PENDING: it will be read again.
    NONE;

    static BatchCounter of(Disposition disposition) {
        return switch (disposition) {
            case Disposition.Deferred _, Disposition.Released _ -> NONE;
            case Disposition.Settled end ->
                    switch (end.state()) {
                        case APPLIED -> WRITE;
                        case UNCHANGED, SUPERSEDED, CANCELLED -> FILTER;
                        case REJECTED, CONFLICT, EXPIRED, FAILED -> SKIP;
                        case PENDING, IN_FLIGHT ->
                                throw new IllegalStateException("not terminal: " + end);
                    };
        };
    }
}
