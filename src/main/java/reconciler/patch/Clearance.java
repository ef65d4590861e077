package reconciler.patch;

/// Asked right before a request goes on the wire, after everything that had to be waited for: no
/// stop is asked for, the lease is still ours. Called by many threads, must not block.
@FunctionalInterface
public interface Clearance {
    /// @return false when nothing more may be sent; what was not sent goes back to the queue
    boolean granted();

    /// Told once, when the API has said something after which nothing more may be sent: whoever
    /// waits for the pace or between two tries should be let go.
    default void withdrawn(Halt halt) {}
}
