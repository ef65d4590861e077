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
    }

    /// Whether there are rows that need it.
    default boolean isAny() {
        return switch (this) {
            case None _ -> false;
            case Required _, When _ -> true;
        };
    }
}
