package reconciler.simulator;

import java.time.Instant;

/// What an Authorization header turned out to be.
sealed interface Credential {

    record Token(String fingerprint, Instant expires, boolean readOnly) implements Credential {
        Token expiring(Instant when) {
            return new Token(fingerprint, when, readOnly);
        }
    }

    record Rejected(String code, String message) implements Credential {}
}
