package reconciler.run;

import java.time.Duration;
import java.time.Instant;

/// A step of the database's clock.
///
/// @param noticedAt by the database's clock, after the step
/// @param by negative: backwards
public record ClockStep(Instant noticedAt, Duration by) {
    /// `3.0 s forward`.
    public String inWords() {
        long tenths = Math.round(by.abs().toMillis() / 100.0);
        return tenths / 10 + "." + tenths % 10 + " s " + (by.isNegative() ? "backward" : "forward");
    }
}
