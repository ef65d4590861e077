package reconciler.run;

/// What was asked contradicts how things stand; nothing was changed. The message is one sentence
/// that says so and what to do instead.
public final class Contradiction extends RuntimeException {
    public Contradiction(String message) {
        super(message);
    }
}
