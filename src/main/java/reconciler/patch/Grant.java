package reconciler.patch;

import reconciler.outcome.Evidence;

/// What asking for a token came to.
sealed interface Grant {
    record Granted(String token) implements Grant {
        @Override
        public String toString() {
            return "token (not shown)";
        }
    }

    /// No token now; asking later may help.
    record Unavailable(Evidence evidence) implements Grant {}

    /// No token until somebody mends the login host's certificate, or whom this Java trusts.
    record Distrusted(Evidence evidence) implements Grant {}

    /// No token until somebody mends what is known of the proxy.
    record WrongProxy(String why) implements Grant {}

    /// No token for as long as is waited for one.
    record GivenUp(String why) implements Grant {}

    /// No token with these credentials.
    record Refused(String why) implements Grant {}
}
