package reconciler.intake;

import java.util.List;

/// What a line is worth.
sealed interface Judged {
    record Good(GoodLine line) implements Judged {}

    /// @param problems all of them, at least one
    record Bad(List<BadLine> problems) implements Judged {
        public Bad {
            problems = List.copyOf(problems);
        }
    }
}
