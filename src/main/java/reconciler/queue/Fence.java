package reconciler.queue;

/// What has to hold for whoever claims.
public interface Fence {
    /// In the transaction that claims, and until its end.
    ///
    /// @throws RuntimeException when it does not hold any more
    void confirm();
}
