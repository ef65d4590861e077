package reconciler.outcome;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one request for one participant came to. Nothing the API does is an exception; it is one of
/// these.
public sealed interface Outcome {
    Evidence evidence();

    /// The API confirmed the values.
    ///
    /// @param differences the attributes of which its answer shows another value than the one sent
    record Applied(ConfirmedBy confirmedBy, List<Difference> differences, Evidence evidence)
            implements Outcome {
        public Applied {
            differences = List.copyOf(differences);
        }

        public Applied(ConfirmedBy confirmedBy, Evidence evidence) {
            this(confirmedBy, List.of(), evidence);
        }
    }

    /// The request itself is wrong, and nothing of it was applied. The attributes that `complaints`
    /// names are at fault; when it names none, only bisection tells which.
    record Refused(List<Complaint> complaints, Evidence evidence) implements Outcome {
        public Refused {
            complaints = List.copyOf(complaints);
        }
    }

    /// The role that was sent is not the participant's own.
    record WrongRole(Evidence evidence) implements Outcome {}

    /// The participant as a whole cannot be changed: not found, ended, not ours to change. Asking
    /// again is pointless.
    record Unreachable(Evidence evidence) implements Outcome {}

    /// The participant was changed by somebody else at the same time; nothing was applied.
    record Conflict(Evidence evidence) implements Outcome {}

    /// Too many requests: this one was not processed.
    ///
    /// @param retryAfter how long the API asks everybody to wait; null when it does not say or says
    ///   nonsense
    record Throttled(@Nullable Duration retryAfter, Evidence evidence) implements Outcome {}

    /// The token is not accepted any more.
    record Unauthorized(Evidence evidence) implements Outcome {}

    /// The credentials lack the permission that every request of the run needs.
    record Forbidden(Evidence evidence) implements Outcome {}

    /// No usable answer: applied or not, only a read can tell.
    ///
    /// @param retryAfter the least pause the API asked for; null when it did not
    record Unknown(@Nullable Duration retryAfter, Evidence evidence) implements Outcome {}

    /// Something else answered in the API's place: a firewall, a proxy, a maintenance page. Whether
    /// the request was passed on, only a read can tell.
    ///
    /// @param retryAfter the least pause it asked for; null when it did not
    record Foreign(@Nullable Duration retryAfter, Evidence evidence) implements Outcome {}

    /// The connection could not be made: nothing left this machine.
    record Unsent(Evidence evidence) implements Outcome {}
}
