package reconciler.outcome;

import java.time.Duration;

/// Waiting, as a constructor argument.
public interface Pauses {
    /// Waits for `pause`, or less when the run is asked to stop.
    ///
    /// @return false when the wait was cut short: give up what you waited for
    boolean pause(Duration pause);
}
