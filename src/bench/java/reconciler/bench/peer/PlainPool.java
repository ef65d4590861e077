package reconciler.bench.peer;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/// As many threads as calls; each row is a call and a transaction. A thread that gets a 429 sleeps
/// for `Retry-After`.
final class PlainPool implements Peer {
    @Override
    public void work(PeerWork work) {
        PeerTables tables = work.tables();
        // Read ahead no further than the threads can follow.
        var queued = new Semaphore(2_000);
        try (ExecutorService threads = Executors.newFixedThreadPool(work.inFlight())) {
            long after = 0;
            for (List<PeerTables.Item> page = tables.page(after);
                    !page.isEmpty();
                    page = tables.page(after)) {
                for (PeerTables.Item item : page) {
                    queued.acquireUninterruptibly();
                    threads.execute(() -> {
                        carryOut(work, tables, item);
                        queued.release();
                    });
                }
                after = page.getLast().id();
            }
        }
    }

    private static void carryOut(PeerWork work, PeerTables tables, PeerTables.Item item) {
        PeerApi.Reply reply = work.api().patch(item);
        while (reply.isThrottled()) {
            sleep(reply);
            reply = work.api().patch(item);
        }
        tables.settle(item.id(), reply.status());
    }

    private static void sleep(PeerApi.Reply reply) {
        try {
            Thread.sleep(reply.retryAfter());
        } catch (InterruptedException stop) {
            throw new IllegalStateException("nobody interrupts a peer", stop);
        }
    }
}
