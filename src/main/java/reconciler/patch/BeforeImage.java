package reconciler.patch;

/// Whether the values that are there are read before they are changed.
public enum BeforeImage {
    /// One read per conversation and page: what is already so is not sent, what was there is kept
    /// for `undo`.
    READ,
    OFF
}
