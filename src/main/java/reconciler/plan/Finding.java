package reconciler.plan;

/// What a plan says of one row. The labels are those of the CHECK constraint on
/// `reconciler.plan_row.finding`.
public enum Finding {
    /// The value is another one, or there is none.
    CHANGE("to change"),
    /// To change, and the participant has another role than the row names.
    ROLE("role to be corrected"),
    UNCHANGED("already so"),
    /// The conversation is over; what the API does with the change is its own affair.
    ENDED("conversation ended"),
    /// There is no such participant, or not for us.
    GONE("participant gone"),
    /// A newer row for the same attribute waits.
    SUPERSEDED("superseded"),
    /// Its apply-by has passed.
    EXPIRED("expired"),
    /// The API could not be brought to tell.
    UNREADABLE("could not be read");

    private final String words;

    Finding(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }

    /// Whether a run that finds it so sends a request that changes something.
    public boolean isSent() {
        return switch (this) {
            case CHANGE, ROLE, ENDED -> true;
            case UNCHANGED, GONE, SUPERSEDED, EXPIRED, UNREADABLE -> false;
        };
    }

    /// Whether it can be told without asking the API.
    boolean isKnownFromTheQueue() {
        return switch (this) {
            case SUPERSEDED, EXPIRED -> true;
            case CHANGE, ROLE, UNCHANGED, ENDED, GONE, UNREADABLE -> false;
        };
    }
}
