package reconciler.change;

/// Where a change is in its life. The labels are those of the CHECK constraint on
/// `reconciler.attribute_change.state`.
public enum ChangeState {
    PENDING,
    IN_FLIGHT,
    APPLIED,
    UNCHANGED,
    SUPERSEDED,
    REJECTED,
    CONFLICT,
    EXPIRED,
    CANCELLED,
    FAILED;

    /// A terminal state is left by nobody; each has exactly one row in `audit.outcome`.
    public boolean isTerminal() {
        return switch (this) {
            case PENDING, IN_FLIGHT -> false;
            case APPLIED, UNCHANGED, SUPERSEDED, REJECTED, CONFLICT, EXPIRED, CANCELLED, FAILED ->
                    true;
        };
    }

    /// The change is not in force although somebody asked for it: what an operator has to look at
    /// after a run.
    public boolean isNotApplied() {
        return switch (this) {
            case REJECTED, CONFLICT, EXPIRED, FAILED -> true;
            case PENDING, IN_FLIGHT, APPLIED, UNCHANGED, SUPERSEDED, CANCELLED -> false;
        };
    }
}
