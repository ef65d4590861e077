package reconciler.run;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import reconciler.outcome.Turn;
import reconciler.queue.ClaimedPage;

/// A claimed page whose turns have begun.
///
/// @param turns one for each participant that is owed something
/// @param bytes about what it weighs in memory
record SentPage(ClaimedPage page, List<CompletableFuture<Turn>> turns, long bytes) {
    SentPage {
        turns = List.copyOf(turns);
    }

    /// Completes when the last turn has ended, well or not.
    CompletableFuture<?> end() {
        return CompletableFuture.allOf(turns.toArray(CompletableFuture[]::new));
    }

    /// What came of the turns, once they have all ended.
    ///
    /// @throws IllegalStateException when one of them died of a bug
    List<Turn> ended() {
        return turns.stream().map(CompletableFuture::resultNow).toList();
    }
}
