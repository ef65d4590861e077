package reconciler.simulator;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Does not wait, and remembers what it should have waited.
final class RecordedPause implements Pause {

    private final List<Duration> lengths = new CopyOnWriteArrayList<>();

    @Override
    public void of(Duration length) {
        if (length.isPositive()) {
            lengths.add(length);
        }
    }

    List<Duration> lengths() {
        return lengths;
    }
}
