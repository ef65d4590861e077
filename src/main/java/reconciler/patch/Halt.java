package reconciler.patch;

/// Why the run has to end before the queue is empty. Nothing is sent any more.
///
/// @param message for the operator: what the API said and what to do
public record Halt(Kind kind, String message) {
    static final String API_HOST = "the API's host";
    static final String LOGIN_HOST = "the login host";

    /// What the operator has to look at.
    public enum Kind {
        /// The token, or the client that gets it, is not accepted.
        CREDENTIALS,
        /// The client lacks a permission that every request needs.
        PERMISSION,
        /// The API asks for a longer pause than the job file waits out.
        THROTTLED,
        /// The API fails again and again.
        BROKEN,
        /// Something else answers in a host's place, or the login host has no token.
        UNAVAILABLE,
        /// The proxy does not accept the login it is given, or is given none.
        PROXY,
        /// A host is not who it says: its certificate has expired, is another host's or nobody's.
        DISTRUSTED
    }
}
