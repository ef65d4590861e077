package reconciler.audit;

import org.jspecify.annotations.Nullable;

/// Something that was done apart from a run.
///
/// @param actor the person, as the operating system or the sign-in names them
/// @param action a past participle: `queued`, `cancelled`, `recovered`, ...
/// @param object what it was done to, for example `change set 12`
public record Event(
        String actor,
        String action,
        String object,
        @Nullable String reason,
        @Nullable String detail) {
    /// By which a run that applied a plan is known.
    static final String APPLIED_A_PLAN = "applied a plan";

    /// That a run applies a plan, and no more than that.
    ///
    /// @param plan its name and hash
    public static Event ofPlan(String actor, long run, String plan) {
        return new Event(actor, APPLIED_A_PLAN, ofRun(run), null, plan);
    }

    /// A run as the object of an event.
    static String ofRun(long run) {
        return "run " + run;
    }
}
