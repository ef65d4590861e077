package reconciler.plan;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A plan as it is shown.
///
/// @param plan null when there is nothing to plan
/// @param rowsInScope more than the counts add up to when only a sample was looked at
/// @param counts rows by finding
/// @param groups like rows together, the first of each finding being the most frequent
/// @param ungrouped rows of kinds that are too many to keep
/// @param notDue rows that wait for their not-before or were put off
/// @param atomic rows that are applied with the others of their participant or not at all
/// @param requestsMade what the looking took
public record PlanReport(
        @Nullable Plan plan,
        long rowsInScope,
        Map<Finding, Long> counts,
        List<Groups.Group<Finding>> groups,
        long ungrouped,
        long notDue,
        long atomic,
        long requestsMade,
        Estimate estimate) {

    public long count(Finding finding) {
        return counts.getOrDefault(finding, 0L);
    }

    /// Rows for which a run would send a change.
    public long toSend() {
        return counts.entrySet().stream()
                .filter(entry -> entry.getKey().isSent())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
