package reconciler.queue;

/// Which rows of a partition may go now: those of a priority or above, or only those of them that
/// are urgent.
///
/// @param urgent only rows that carry an apply-by
public record Rank(int atLeast, boolean urgent) {
    /// Every row.
    public static final Rank LAST = new Rank(Short.MIN_VALUE, false);
}
