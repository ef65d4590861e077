package reconciler.patch;

/// What the API is asked with. Never printed.
public sealed interface Credentials {
    /// A client that gets its tokens from the login host.
    record ClientCredentials(String id, String secret) implements Credentials {
        @Override
        public String toString() {
            return "client " + id + " (secret not shown)";
        }
    }

    /// A token somebody else got; it cannot be renewed.
    record AccessToken(String token) implements Credentials {
        @Override
        public String toString() {
            return "access token (not shown)";
        }
    }
}
