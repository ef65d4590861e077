package reconciler.bench.peer;

import java.util.function.Supplier;

/// All peers there are.
public enum Peers {
    BARE_LOOP("bare OkHttp loop, no database", BareLoop::new),
    PLAIN_POOL("plain thread pool, one transaction per row", PlainPool::new),
    BATCH_ASYNC("Spring Batch, async executor", () -> new TextbookBatch(TextbookBatch.Style.ASYNC)),
    BATCH_BY_ROLE(
            "Spring Batch, partitioner by role",
            () -> new TextbookBatch(TextbookBatch.Style.BY_ROLE)),
    BATCH_SINGLE(
            "Spring Batch, single thread", () -> new TextbookBatch(TextbookBatch.Style.SINGLE)),
    DB_SCHEDULER("db-scheduler 16.12.0", DbSchedulerPeer::new),
    JOBRUNR("JobRunr 8.7.0", JobRunrPeer::new);

    private final String title;
    private final Supplier<Peer> peer;

    Peers(String title, Supplier<Peer> peer) {
        this.title = title;
        this.peer = peer;
    }

    public String title() {
        return title;
    }

    Peer peer() {
        return peer.get();
    }

    public boolean hasRows() {
        return this != BARE_LOOP;
    }

    /// How many calls it has out at once at best, when asked for so many. Who has few gets few
    /// rows, or a round would take half an hour.
    public int parallel(int inFlight) {
        return switch (this) {
            case BATCH_SINGLE -> 1;
            case BATCH_BY_ROLE -> 2;
            case BARE_LOOP, PLAIN_POOL, BATCH_ASYNC, DB_SCHEDULER, JOBRUNR -> inFlight;
        };
    }
}
