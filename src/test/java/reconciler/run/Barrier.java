package reconciler.run;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import reconciler.simulator.Pause;

/// Keeps requests waiting at the API until it is lifted.
final class Barrier implements Pause {
    private final CountDownLatch lifted = new CountDownLatch(1);
    private final AtomicInteger arrived = new AtomicInteger();
    private final int most;

    /// @param most so many of them; the others pass
    Barrier(int most) {
        this.most = most;
    }

    @Override
    public void of(Duration length) throws InterruptedException {
        if (arrived.incrementAndGet() <= most) {
            lifted.await();
        }
    }

    int arrived() {
        return arrived.get();
    }

    void lift() {
        lifted.countDown();
    }
}
