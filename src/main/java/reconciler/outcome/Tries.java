package reconciler.outcome;

import java.time.Duration;

/// What one participant's turn has used up so far.
public record Tries(
        int conflicts,
        int unavailable,
        Duration throttled,
        boolean tokenRenewed,
        boolean roleCorrected) {
    public static final Tries NONE = new Tries(0, 0, Duration.ZERO, false, false);

    /// The count with `outcome` in it.
    public Tries after(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Conflict _ ->
                    new Tries(conflicts + 1, unavailable, throttled, tokenRenewed, roleCorrected);
            case Outcome.Unknown _, Outcome.Foreign _, Outcome.Unsent _ ->
                    new Tries(conflicts, unavailable + 1, throttled, tokenRenewed, roleCorrected);
            case Outcome.Applied _,
                    Outcome.Refused _,
                    Outcome.WrongRole _,
                    Outcome.Unreachable _,
                    Outcome.Throttled _,
                    Outcome.Unauthorized _,
                    Outcome.Forbidden _ ->
                    this;
        };
    }

    /// The count with `step` in it.
    public Tries after(NextStep step) {
        return switch (step) {
            case NextStep.HoldEverybody(Duration pause) ->
                    new Tries(
                            conflicts,
                            unavailable,
                            throttled.plus(pause),
                            tokenRenewed,
                            roleCorrected);
            case NextStep.RenewToken _ ->
                    new Tries(conflicts, unavailable, throttled, true, roleCorrected);
            case NextStep.CorrectRole _ ->
                    new Tries(conflicts, unavailable, throttled, tokenRenewed, true);
            case NextStep.Settle _,
                    NextStep.Isolate _,
                    NextStep.SendAgain _,
                    NextStep.ReadBack _,
                    NextStep.Defer _,
                    NextStep.Halt _ ->
                    this;
        };
    }
}
