package reconciler.intake;

import java.util.List;

/// What a line is worth.
sealed interface Judged {
    /// @param lines a change each; at least one
    /// @param warnings what looks spoilt
    record Good(List<GoodLine> lines, List<LineWarning> warnings) implements Judged {
        public Good {
            lines = List.copyOf(lines);
            warnings = List.copyOf(warnings);
        }
    }

    /// @param problems all of them, at least one
    record Bad(List<BadLine> problems) implements Judged {
        public Bad {
            problems = List.copyOf(problems);
        }
    }
}
