package reconciler.outcome;

import java.time.Duration;
import reconciler.change.ChangeState;

/// What to do after an [Outcome].
public sealed interface NextStep {
    /// It is over for every change of the request, with this state.
    record Settle(ChangeState state) implements NextStep {}

    /// Settle the attributes the refusal names and send the rest; bisect when it names none.
    record Isolate() implements NextStep {}

    /// Read the participant, take its role, send again.
    record CorrectRole() implements NextStep {}

    /// Wait, then send the same request again.
    record SendAgain(Duration pause) implements NextStep {}

    /// Wait, then read the participant: what already has its value is settled, the rest is sent
    /// again.
    record ReadBack(Duration pause) implements NextStep {}

    /// Everybody waits, then send again. Not a failed attempt.
    record HoldEverybody(Duration pause) implements NextStep {}

    /// Back to PENDING, due again after this long.
    record Defer(Duration pause) implements NextStep {}

    /// One new token for everybody, then send again.
    record RenewToken() implements NextStep {}

    /// Back to PENDING; the run ends before it burns the queue.
    record Halt() implements NextStep {}
}
