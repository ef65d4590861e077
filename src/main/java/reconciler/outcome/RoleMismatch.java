package reconciler.outcome;

/// What to do when the API says that the role is not the participant's own.
public enum RoleMismatch {
    /// Read the participant once, take its role, send again, record `corrected_role`.
    CORRECT,
    REJECT
}
