package reconciler.run;

import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import reconciler.queue.ClaimedPage;

/// The pages of one partition that are being sent, given back in the order in which they end. Used
/// by the partition's thread alone.
final class PagesUnderWay {
    private final Dispatch dispatch;
    private final Set<SentPage> pages = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Queue<SentPage> ended = new ConcurrentLinkedQueue<>();

    PagesUnderWay(Dispatch dispatch) {
        this.dispatch = dispatch;
    }

    void send(ClaimedPage page) {
        SentPage sent = dispatch.send(page);
        pages.add(sent);
        var _ =
                sent.end()
                        .whenComplete((_, _) -> {
                            ended.add(sent);
                            dispatch.backlog().tell();
                        });
    }

    boolean isEmpty() {
        return pages.isEmpty();
    }

    /// The next page that has ended, to be settled now; null when none has.
    @Nullable SentPage poll() {
        SentPage page = ended.poll();
        if (page != null) {
            pages.remove(page);
        }
        return page;
    }

    /// Waits for the end of a page, no longer than `most`.
    void awaitEnd(Duration most) {
        dispatch.backlog().await(this::hasEnded, false, most);
    }

    /// Waits for the end of a page or until one more may be claimed, no longer than `most`.
    void awaitEndOrRoom(Duration most) {
        dispatch.backlog().await(this::hasEnded, true, most);
    }

    /// Waits for the end of a page or for what `isNews` says, and if asked for until one more may
    /// be claimed, no longer than `most`.
    void await(BooleanSupplier isNews, boolean orRoom, Duration most) {
        dispatch.backlog().await(() -> hasEnded() || isNews.getAsBoolean(), orRoom, most);
    }

    /// Waits for all of them: nothing is on the wire any more.
    void awaitAll() {
        var _ =
                CompletableFuture.allOf(
                                pages.stream().map(SentPage::end).toArray(CompletableFuture[]::new))
                        .exceptionally(_ -> null)
                        .join();
    }

    private boolean hasEnded() {
        return !ended.isEmpty();
    }
}
