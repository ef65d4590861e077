package reconciler.patch;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/// One result that many threads ask for and one of them gets.
final class SingleFlight<T> {
    private final CompletableFuture<T> result = new CompletableFuture<>();

    /// Makes the result on this thread; whoever waits gets it too, or the bug that prevented it.
    T fly(Supplier<T> maker) {
        try {
            T made = maker.get();
            result.complete(made);
            return made;
        } catch (RuntimeException | Error bug) {
            result.completeExceptionally(bug);
            throw bug;
        }
    }

    /// @param interrupted what to answer when this thread is interrupted while it waits
    T await(T interrupted) {
        try {
            return result.get();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return interrupted;
        } catch (ExecutionException bug) {
            throw new IllegalStateException("the thread that was waited for failed", bug);
        }
    }
}
