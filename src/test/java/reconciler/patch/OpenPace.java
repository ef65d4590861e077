package reconciler.patch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lets everybody through until it is closed, and remembers what it was told.
final class OpenPace implements Pace {
    private final List<Duration> holds = new ArrayList<>();
    private final List<RateHeaders> learned = new ArrayList<>();
    private Runnable beforeAdmission = () -> {};
    private boolean open = true;

    @Override
    public @Nullable Slot admit() {
        beforeAdmission.run();
        return open ? Slot.whenever() : null;
    }

    @Override
    public synchronized void hold(Duration pause) {
        holds.add(pause);
    }

    @Override
    public synchronized void learn(RateHeaders headers) {
        learned.add(headers);
    }

    void close() {
        open = false;
    }

    /// What happens while somebody waits for the pace.
    void whileWaiting(Runnable happening) {
        beforeAdmission = happening;
    }

    synchronized List<Duration> holds() {
        return List.copyOf(holds);
    }

    synchronized List<RateHeaders> learned() {
        return List.copyOf(learned);
    }
}
