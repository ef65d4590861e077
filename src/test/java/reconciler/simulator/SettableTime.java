package reconciler.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/// Stands still until it is told to pass.
final class SettableTime implements InstantSource {

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2026-03-01T10:00:00Z"));

    void pass(Duration length) {
        now.updateAndGet(instant -> instant.plus(length));
    }

    @Override
    public Instant instant() {
        return now.get();
    }
}
