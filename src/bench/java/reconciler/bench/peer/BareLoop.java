package reconciler.bench.peer;

import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/// The limit: the same requests on virtual threads, and nothing else.
final class BareLoop implements Peer {
    private static final String BODY =
            "{\"type\":\"contact\",\"participantAttributes\":{\"tier\":\"gold\",\"skill\":\"billing\"}}";

    @Override
    public void work(PeerWork work) {
        var permits = new Semaphore(work.inFlight());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int number = 0; number < work.requests(); number++) {
                permits.acquireUninterruptibly();
                threads.execute(() -> {
                    work.api().patch(UUID.randomUUID(), UUID.randomUUID(), BODY);
                    permits.release();
                });
            }
        }
    }
}
