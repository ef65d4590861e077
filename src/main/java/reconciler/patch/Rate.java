package reconciler.patch;

import org.jspecify.annotations.Nullable;

/// What the job file says about the pace.
///
/// @param perMinute the ceiling; null for none
/// @param learn whether the API's rate headers and its 429s slow the pace down
public record Rate(@Nullable Integer perMinute, boolean learn) {
    public Rate {
        if (perMinute != null && perMinute < 1) {
            throw new IllegalArgumentException("rate.per-minute is at least 1, not " + perMinute);
        }
    }
}
