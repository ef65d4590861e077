package reconciler.queue;

/// Rows of a claim are not this process's any more: somebody took the lease over. Nothing of the
/// page may be written.
public final class ClaimLost extends RuntimeException {
    ClaimLost(long claim, int expected, int found) {
        super(
                "claim "
                        + claim
                        + " holds "
                        + found
                        + " of its "
                        + expected
                        + " rows: another run has taken over; this one writes nothing more");
    }
}
