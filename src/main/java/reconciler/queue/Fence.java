package reconciler.queue;

/// What has to hold for whoever claims and settles.
public interface Fence {
    /// In the transaction that claims or settles, and until its end.
    ///
    /// @throws RuntimeException when it does not hold any more
    void confirm();
}
