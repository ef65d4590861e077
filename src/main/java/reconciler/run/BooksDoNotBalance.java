package reconciler.run;

import java.util.List;

/// The counts after a run do not add up: a bug, or somebody changed rows behind the job's back.
final class BooksDoNotBalance extends RuntimeException {
    BooksDoNotBalance(List<String> errors) {
        super(
                "the books do not balance: "
                        + String.join("; ", errors)
                        + "; `reconciler audit verify` and db/queries/09-does-everything-add-up.sql"
                        + " say where to look");
    }
}
