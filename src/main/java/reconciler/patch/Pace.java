package reconciler.patch;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How fast requests may go: one pace for everybody who uses the same allowance. Called by many
/// virtual threads at once.
public interface Pace {
    /// Waits until one request may go.
    ///
    /// @return null when the wait was cut short: send nothing
    @Nullable Slot admit();

    /// The API asked for a pause: nobody is admitted before it is over.
    void hold(Duration pause);

    /// What the API said about its allowance with an answer.
    void learn(RateHeaders headers);
}
