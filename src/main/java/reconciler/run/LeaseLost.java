package reconciler.run;

/// The lease is not ours any more: this run writes nothing more.
public final class LeaseLost extends RuntimeException {
    LeaseLost(String name, long epoch) {
        super(message(name, epoch));
    }

    static String message(String name, long epoch) {
        return "the lease \""
                + name
                + "\" is not held at epoch "
                + epoch
                + " any more: another run has taken over; this one writes nothing more";
    }
}
