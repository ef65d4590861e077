package reconciler.outcome;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import reconciler.change.ChangeState;

/// The job file's answers to "what now?". The only place that decides about retry, skip and
/// deferral.
public record Policies(
        ConflictPolicy conflict,
        ThrottlePolicy throttled,
        UnavailablePolicy unavailable,
        RoleMismatch roleMismatch) {

    /// The step that the job file asks for.
    ///
    /// @param tries what the participant's turn has used up, `outcome` included
    public NextStep after(Outcome outcome, Tries tries, RandomGenerator random) {
        return switch (outcome) {
            case Outcome.Applied _ -> new NextStep.Settle(ChangeState.APPLIED);
            case Outcome.Refused _ -> new NextStep.Isolate();
            case Outcome.WrongRole _
                    when roleMismatch == RoleMismatch.CORRECT && !tries.roleCorrected() ->
                    new NextStep.CorrectRole();
            case Outcome.WrongRole _, Outcome.Unreachable _ ->
                    new NextStep.Settle(ChangeState.REJECTED);
            case Outcome.Conflict _ -> afterConflict(tries, random);
            case Outcome.Throttled throttle -> afterThrottle(throttle, tries);
            case Outcome.Unauthorized _ when !tries.tokenRenewed() -> new NextStep.RenewToken();
            case Outcome.Unauthorized _, Outcome.Forbidden _ -> new NextStep.Halt();
            case Outcome.Unknown(Duration asked, _) -> readBack(asked, tries, random);
            case Outcome.Foreign(Duration asked, _) -> readBack(asked, tries, random);
            case Outcome.Unsent _ when tries.unavailable() < unavailable.attempts() ->
                    new NextStep.SendAgain(
                            unavailable.backoff().pause(tries.unavailable(), random));
            case Outcome.Unsent _ -> new NextStep.Settle(ChangeState.FAILED);
        };
    }

    private NextStep afterConflict(Tries tries, RandomGenerator random) {
        if (tries.conflicts() < conflict.attempts()) {
            return new NextStep.ReadBack(conflict.backoff().pause(tries.conflicts(), random));
        }
        return switch (conflict.exhausted()) {
            case SKIP -> new NextStep.Settle(ChangeState.CONFLICT);
            case DEFER -> new NextStep.Defer(conflict.backoff().most());
        };
    }

    private NextStep afterThrottle(Outcome.Throttled throttle, Tries tries) {
        Duration asked =
                throttle.retryAfter() == null ? throttled.missing() : throttle.retryAfter();
        if (tries.throttled().plus(asked).compareTo(throttled.maxWait()) <= 0) {
            return new NextStep.HoldEverybody(asked);
        }
        return switch (throttled.exhausted()) {
            case SKIP -> new NextStep.Settle(ChangeState.FAILED);
            case DEFER -> new NextStep.Defer(shorter(asked, throttled.maxWait()));
        };
    }

    /// What is not known is read back even after the last attempt: FAILED is said only of a value
    /// that was not found there. A pause that is asked for is waited out as far as a 429's would
    /// be.
    private NextStep readBack(@Nullable Duration asked, Tries tries, RandomGenerator random) {
        Duration own = unavailable.backoff().pause(tries.unavailable(), random);
        return new NextStep.ReadBack(
                asked == null ? own : longer(own, shorter(asked, throttled.maxWait())));
    }

    /// Whether a value that a read did not find may be sent once more.
    public boolean allowAnotherSend(Tries tries) {
        return tries.unavailable() < unavailable.attempts();
    }

    /// What to do when no try is left and none was answered by the API: that is no verdict on a
    /// change, so it is due again with the next run.
    public NextStep.Defer withoutVerdict() {
        return new NextStep.Defer(unavailable.backoff().most());
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
