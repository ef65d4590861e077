package reconciler.plan;

/// What was asked for contradicts how things stand. One sentence that says why, and what to do
/// instead; nothing was changed.
public final class Refusal extends RuntimeException {
    Refusal(String message) {
        super(message);
    }
}
