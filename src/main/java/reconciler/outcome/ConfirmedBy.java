package reconciler.outcome;

/// What an `APPLIED` row rests on.
public enum ConfirmedBy {
    /// A success answer that promises the value is set.
    ANSWER("answer"),
    /// A 202: the API took the request and promises no more.
    ACCEPTED("accepted"),
    /// The participant was read and has the value.
    READ_BACK("read-back");

    private final String label;

    ConfirmedBy(String label) {
        this.label = label;
    }

    /// The text stored in `audit.outcome.confirmed_by`.
    public String label() {
        return label;
    }
}
