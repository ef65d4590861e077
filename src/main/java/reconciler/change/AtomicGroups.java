package reconciler.change;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Changes by what stands or falls together: those of an atomic group, and any other alone.
public final class AtomicGroups {
    private AtomicGroups() {}

    /// In the order of their first changes; never empty ones.
    public static List<List<AttributeChange>> of(List<AttributeChange> changes) {
        var groups = new ArrayList<List<AttributeChange>>(changes.size());
        for (AttributeChange change : changes) {
            List<AttributeChange> own =
                    change.atomicGroup() == null ? null : groupOf(change, groups);
            if (own == null) {
                own = new ArrayList<>(1);
                groups.add(own);
            }
            own.add(change);
        }
        return groups;
    }

    private static @Nullable List<AttributeChange> groupOf(
            AttributeChange change, List<List<AttributeChange>> groups) {
        for (List<AttributeChange> group : groups) {
            if (group.getFirst().standsWith(change)) {
                return group;
            }
        }
        return null;
    }
}
