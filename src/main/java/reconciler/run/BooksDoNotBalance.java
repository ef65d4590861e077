package reconciler.run;

import java.util.List;

/// The counts after a run do not add up: a bug, or somebody changed rows behind the job's back.
final class BooksDoNotBalance extends RuntimeException {
    BooksDoNotBalance(List<String> errors) {
        super("the books do not balance: " + String.join("; ", errors));
    }
}
