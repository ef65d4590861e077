package reconciler.queue;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reconciler.change.ChangeState;

/// Which rows that ended badly are to be tried again; null does not restrict.
///
/// @param error the error code of their outcome
/// @param limit at most so many, the oldest first; more where an atomic group would be cut
public record RedriveFilter(
        @Nullable Long run,
        @Nullable Long set,
        Set<ChangeState> statuses,
        @Nullable String error,
        long limit) {
    /// What can be tried again.
    public static final Set<ChangeState> POSSIBLE =
            Set.copyOf(
                    EnumSet.of(
                            ChangeState.FAILED,
                            ChangeState.CONFLICT,
                            ChangeState.REJECTED,
                            ChangeState.EXPIRED));

    public RedriveFilter {
        statuses = Set.copyOf(statuses);
        if (!POSSIBLE.containsAll(statuses)) {
            throw new IllegalArgumentException("not all of these ended badly: " + statuses);
        }
    }

    String[] names() {
        return statuses.stream().map(ChangeState::name).toArray(String[]::new);
    }
}
