package reconciler.run;

import java.util.List;
import reconciler.outcome.Settlement;
import reconciler.queue.SetAside;

/// What became of a page in the books.
///
/// @param aside rows that could not be settled
record Entered(List<Settlement> settled, List<SetAside> aside) {
    Entered {
        settled = List.copyOf(settled);
        aside = List.copyOf(aside);
    }
}
