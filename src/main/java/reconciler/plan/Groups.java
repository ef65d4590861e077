package reconciler.plan;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Rows that are alike, counted. Keeps so many kinds and no more: however many rows there are, this
/// stays small.
///
/// @param <F> what was found
public final class Groups<F extends Enum<F>> {
    private static final int MOST = 1_000;

    private final Map<Kind<F>, Long> rows = new HashMap<>();
    private long others;

    /// What rows have in common.
    record Kind<F extends Enum<F>>(
            F finding,
            String role,
            String attribute,
            @Nullable String before,
            @Nullable String after) {
        /// Without the values.
        @Override
        public String toString() {
            return finding + " " + role + " " + attribute;
        }
    }

    /// Rows of one kind.
    public record Group<F extends Enum<F>>(
            F finding,
            String role,
            String attribute,
            @Nullable String before,
            @Nullable String after,
            long rows) {
        /// Without the values.
        @Override
        public String toString() {
            return finding + " " + role + " " + attribute + ": " + rows;
        }
    }

    void add(Kind<F> kind) {
        if (rows.size() < MOST || rows.containsKey(kind)) {
            rows.merge(kind, 1L, Long::sum);
        } else {
            others++;
        }
    }

    /// By finding, the greatest first.
    List<Group<F>> inOrder() {
        return rows.entrySet().stream()
                .map(entry -> group(entry.getKey(), entry.getValue()))
                .sorted(
                        Comparator.<Group<F>, F>comparing(Group::finding)
                                .thenComparing(Group::rows, Comparator.reverseOrder())
                                .thenComparing(Group::attribute)
                                .thenComparing(group -> String.valueOf(group.after())))
                .toList();
    }

    /// Rows of kinds beyond those that are kept.
    long others() {
        return others;
    }

    private static <F extends Enum<F>> Group<F> group(Kind<F> kind, long rows) {
        return new Group<>(
                kind.finding(), kind.role(), kind.attribute(), kind.before(), kind.after(), rows);
    }
}
