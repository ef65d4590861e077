package reconciler.intake;

import java.util.List;

/// What a line is worth.
sealed interface Judged {
    /// @param lines a change each; at least one
    record Good(List<GoodLine> lines) implements Judged {
        public Good {
            lines = List.copyOf(lines);
        }
    }

    /// @param problems all of them, at least one
    record Bad(List<BadLine> problems) implements Judged {
        public Bad {
            problems = List.copyOf(problems);
        }
    }
}
