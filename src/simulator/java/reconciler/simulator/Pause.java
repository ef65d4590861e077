package reconciler.simulator;

import java.time.Duration;

/// How the simulator lets time pass; tests hand in one that does not wait.
@FunctionalInterface
public interface Pause {

    /// Returns after the given time, or throws when the simulator is being stopped.
    void of(Duration length) throws InterruptedException;
}
