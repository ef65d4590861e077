package reconciler.change;

/// The two ways by which a change travels. One process at a time works on each, and both may be at
/// work at once: what one has in hand the other leaves alone.
public enum Lane {
    /// A run over what is due, or one change by hand.
    RUN,
    /// What is urgent, as soon as it is queued.
    EXPRESS;

    public boolean isExpress() {
        return this == EXPRESS;
    }
}
