package reconciler.patch;

import java.time.Duration;

/// How fast requests may go: one pace for everybody who uses the same allowance. Called by many
/// virtual threads at once.
public interface Pace {
    /// Waits until one request may go.
    ///
    /// @return false when the wait was cut short: send nothing
    boolean admit();

    /// The API asked for a pause: nobody is admitted before it is over.
    void hold(Duration pause);

    /// What the API said about its allowance with an answer.
    void learn(RateHeaders headers);
}
