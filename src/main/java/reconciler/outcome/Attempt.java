package reconciler.outcome;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reconciler.change.Participant;

/// One request on the wire: one row of `audit.attempt`.
///
/// @param participant whom it was made for; a read serves every participant of the conversation;
///   null for a request for a token
/// @param changeIds the changes it was made for
/// @param path without host and query
/// @param requestHash sha-256 of the body in hex; null for a read, and for a token, whose body is a
///   secret
/// @param evidence status, code, correlation id
/// @param answer the error body as it came, bounded; null on success
public record Attempt(
        Purpose purpose,
        @Nullable Participant participant,
        List<Long> changeIds,
        String method,
        String path,
        @Nullable String requestHash,
        Instant startedAt,
        Duration took,
        Evidence evidence,
        @Nullable String answer) {

    /// Why a request was made.
    public enum Purpose {
        /// Set the values.
        PATCH,
        /// Learn the values that are there before they are changed.
        BEFORE_IMAGE,
        /// Learn the participant's role.
        ROLE,
        /// Learn whether the values are there.
        READ_BACK,
        /// Get a token from the login host.
        TOKEN
    }

    public Attempt {
        changeIds = List.copyOf(changeIds);
    }
}
