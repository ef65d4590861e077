package reconciler.run;

/// How a command ends, as cron and people read it.
public enum ExitCode {
    /// All well, or nothing to do.
    OK(0),
    BUG(1),
    /// `plan --detailed-exitcode`: there are changes.
    CHANGES(2),
    /// Ran; some rows were not applied.
    NOT_APPLIED(3),
    /// The failure budget, the canary or the breaker stopped it; what was not sent is pending.
    STOPPED_BY_FAILURES(4),
    /// Stopped on request, cleanly.
    STOPPED(5),
    /// The books do not balance.
    INTEGRITY(9),
    USAGE(64),
    DATA(65),
    /// The database or the API cannot be reached.
    UNAVAILABLE(69),
    /// Another run holds the lease.
    LOCKED(75),
    /// Credentials or permission.
    PERMISSION(77),
    CONFIGURATION(78);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
