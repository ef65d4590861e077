package reconciler.plan;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Rows that are alike, counted. Keeps so many kinds and no more: however long a plan is, this
/// stays small.
public final class Groups {
    private static final int MOST = 1_000;

    private final Map<Kind, Long> rows = new HashMap<>();
    private long others;

    /// What rows have in common.
    record Kind(
            Finding finding,
            String role,
            String attribute,
            @Nullable String before,
            @Nullable String after) {}

    /// Rows of one kind.
    public record Group(
            Finding finding,
            String role,
            String attribute,
            @Nullable String before,
            @Nullable String after,
            long rows) {}

    void add(Judgement judgement) {
        PlannedRow row = judgement.row();
        var kind =
                new Kind(
                        judgement.finding(),
                        row.role().name(),
                        row.attribute(),
                        judgement.before(),
                        judgement.finding().isKnownFromTheQueue() ? null : row.value());
        if (rows.size() < MOST || rows.containsKey(kind)) {
            rows.merge(kind, 1L, Long::sum);
        } else {
            others++;
        }
    }

    /// By finding, the greatest first.
    List<Group> inOrder() {
        return rows.entrySet().stream()
                .map(entry -> group(entry.getKey(), entry.getValue()))
                .sorted(
                        Comparator.comparing(Group::finding)
                                .thenComparing(Group::rows, Comparator.reverseOrder())
                                .thenComparing(Group::attribute)
                                .thenComparing(group -> String.valueOf(group.after())))
                .toList();
    }

    /// Rows of kinds beyond those that are kept.
    long others() {
        return others;
    }

    private static Group group(Kind kind, long rows) {
        return new Group(
                kind.finding(), kind.role(), kind.attribute(), kind.before(), kind.after(), rows);
    }
}
