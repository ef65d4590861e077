package reconciler.plan;

/// Whether what was applied is still so.
public enum Standing {
    SAME("same"),
    /// Somebody else set another value, or none.
    DRIFTED("drifted"),
    /// The participant, or its conversation, is not there any more.
    GONE("gone"),
    /// A later change of ours set it again: not looked at.
    REPLACED("replaced by a later change"),
    /// What was applied was erased from the audit: there is nothing to compare with.
    ERASED("erased"),
    UNREADABLE("could not be read");

    private final String words;

    Standing(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }

    /// Whether it is not known to be as it was left.
    public boolean isAmiss() {
        return switch (this) {
            case DRIFTED, GONE, UNREADABLE -> true;
            case SAME, REPLACED, ERASED -> false;
        };
    }
}
