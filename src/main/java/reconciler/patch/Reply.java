package reconciler.patch;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reconciler.change.AttributeChange;
import reconciler.outcome.Attempt;
import reconciler.outcome.Evidence;

/// What became of the wish to send a request.
sealed interface Reply {
    /// It was tried.
    ///
    /// @param token what it was tried with
    record Tried(ApiRequest request, String token, Instant startedAt, Duration took, Answer answer)
            implements Reply {

        /// The request as the audit keeps it.
        Attempt attempt(List<AttributeChange> changes, Evidence evidence, @Nullable String kept) {
            return new Attempt(
                    request.purpose(),
                    changes.getFirst().participant(),
                    changes.stream().map(AttributeChange::id).toList(),
                    request.method(),
                    request.url().encodedPath(),
                    request.body() == null ? null : sha256(request.body()),
                    startedAt,
                    took,
                    evidence,
                    kept);
        }

        private static String sha256(String body) {
            try {
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            } catch (NoSuchAlgorithmException everyJdkHasIt) {
                throw new IllegalStateException(everyJdkHasIt);
            }
        }

        /// Without the token.
        @Override
        public String toString() {
            return request.method() + " " + request.url().encodedPath();
        }
    }

    /// There was no token to try it with.
    record NoToken(Evidence evidence) implements Reply {}

    /// While it waited, everything it was to carry fell away.
    record NothingLeft() implements Reply {}

    /// It may not be sent any more: a stop, a halt, a lost lease.
    record Withheld() implements Reply {}
}
