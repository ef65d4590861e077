package reconciler.patch;

/// Whether the API can be worked with, as far as that shows without a request to it.
public sealed interface ApiHealth {
    record Ready() implements ApiHealth {}

    /// Nobody answers, or not as a login host does.
    record Unreachable(String why) implements ApiHealth {}

    /// The proxy wants another login.
    record WrongProxy(String why) implements ApiHealth {}

    /// Somebody answers who is not who the address says.
    ///
    /// @param host which of the two, in words
    record Distrusted(String host, String why) implements ApiHealth {}

    /// The credentials are not accepted.
    record Refused(String why) implements ApiHealth {}
}
