package reconciler.patch;

import org.jspecify.annotations.Nullable;

/// What the job file says about the pace.
///
/// @param perMinute the ceiling; null for none
/// @param learn whether the API's rate headers and its 429s slow the pace down
/// @param leave the share of ceiling and allowance that is left to other users of the same client,
///   0 to below 1
public record Rate(@Nullable Integer perMinute, boolean learn, double leave) {
    public Rate {
        if (perMinute != null && perMinute < 1) {
            throw new IllegalArgumentException("rate.per-minute is at least 1, not " + perMinute);
        }
        if (!(leave >= 0 && leave < 1)) {
            throw new IllegalArgumentException("rate.leave is 0% to below 100%, not " + leave);
        }
    }

    /// Leaves nothing to others.
    public Rate(@Nullable Integer perMinute, boolean learn) {
        this(perMinute, learn, 0);
    }
}
