package reconciler.plan;

import org.jspecify.annotations.Nullable;
import reconciler.change.Participant;

/// One row of a plan, with its values.
///
/// @param before the value that was there; null when there was none, or nobody could see
/// @param after what is asked for
/// @param ownRole the participant's own role, where the row names another
public record PlanRow(
        long change,
        Participant participant,
        String role,
        @Nullable String ownRole,
        String attribute,
        Finding finding,
        @Nullable String before,
        String after) {

    /// Without the values.
    @Override
    public String toString() {
        return "change " + change + ": " + finding;
    }
}
