package reconciler.cli;

/// The command line.
public final class Reconciler {
    private Reconciler() {}

    static void main(String[] args) {
        System.exit(args.length);
    }
}
