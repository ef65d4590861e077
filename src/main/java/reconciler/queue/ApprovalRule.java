package reconciler.queue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which rows a run may take only when somebody else than their requester approved them.
public sealed interface ApprovalRule {
    /// No row needs it.
    record None() implements ApprovalRule {}

    /// Every row needs it.
    record Required() implements ApprovalRule {}

    /// Rows of sets that are large or touch certain attributes need it, and rows of no set: nobody
    /// can tell how many of those belong together.
    ///
    /// @param aboveRows sets with more rows than this; null: size does not matter
    /// @param attributes sets with any of these
    record When(@Nullable Integer aboveRows, List<String> attributes) implements ApprovalRule {
        public When {
            attributes = List.copyOf(attributes);
        }

        private boolean covers(When other) {
            boolean asSmallSets =
                    other.aboveRows == null || (aboveRows != null && aboveRows <= other.aboveRows);
            return asSmallSets && attributes.containsAll(other.attributes);
        }
    }

    /// Whether there are rows that need it.
    default boolean isAny() {
        return switch (this) {
            case None _ -> false;
            case Required _, When _ -> true;
        };
    }

    /// Whether every row that needs an approval by the other rule needs one by this rule too.
    default boolean isAtLeast(ApprovalRule other) {
        return switch (this) {
            case Required _ -> true;
            case When ours ->
                    switch (other) {
                        case None _ -> true;
                        case When theirs -> ours.covers(theirs);
                        case Required _ -> false;
                    };
            case None _ -> !other.isAny();
        };
    }
}
