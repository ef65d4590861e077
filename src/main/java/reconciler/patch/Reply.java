package reconciler.patch;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import reconciler.outcome.Attempt;
import reconciler.outcome.Evidence;

/// What became of the wish to send a request.
sealed interface Reply {
    /// It was tried.
    ///
    /// @param token what it was tried with
    record Tried(ApiRequest request, String token, Instant startedAt, Duration took, Answer answer)
            implements Reply {

        /// Whether it left this machine, at least in part.
        boolean wasSent() {
            return answer.wasSent();
        }

        /// The request as the audit keeps it.
        Attempt attempt(Evidence evidence, @Nullable String kept) {
            return request.intent().attempt(startedAt, took, evidence, kept);
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
