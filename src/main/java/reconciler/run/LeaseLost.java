package reconciler.run;

/// The lease is not ours any more: this run writes nothing more.
public final class LeaseLost extends RuntimeException {
    private LeaseLost(String message) {
        super(message);
    }

    static LeaseLost byTakeOver(String name, long epoch) {
        return new LeaseLost(
                "the lease \""
                        + name
                        + "\" is not held at epoch "
                        + epoch
                        + " any more: another run has taken over; this one writes nothing more");
    }

    static LeaseLost byFailover(String name, long epoch) {
        return new LeaseLost(
                "the lease \""
                        + name
                        + "\" was taken at epoch "
                        + epoch
                        + " on another server: the database has failed over; this run writes nothing more, the next one"
                        + " reads back what may have been sent");
    }
}
