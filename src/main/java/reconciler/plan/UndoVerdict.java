package reconciler.plan;

/// What becomes of one attribute when a change set is taken back.
public enum UndoVerdict {
    TAKEN_BACK("to take back"),
    /// What was there before is there again.
    ALREADY("already so"),
    /// Somebody set another value since: left alone.
    CHANGED_SINCE("changed since, left out"),
    REPLACED("changed by a later set, left out"),
    /// It was applied with one that is left out, all or not at all.
    WITH_ANOTHER("goes with one that is left out, left out"),
    GONE("participant gone, left out"),
    /// What was there before was not read, or was erased since.
    UNKNOWN("not known what was before, left out"),
    UNREADABLE("could not be read, left out");

    private final String words;

    UndoVerdict(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }
}
