package reconciler.patch;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What an answer says about the allowance. Every part may be missing.
///
/// @param allowed requests a window allows, at least 1
/// @param count requests made in this window so far
/// @param reset what is left of the window
/// @param took from sending the request to this answer: it was counted in between
public record RateHeaders(
        @Nullable Integer allowed,
        @Nullable Integer count,
        @Nullable Duration reset,
        Duration took) {

    public RateHeaders(
            @Nullable Integer allowed, @Nullable Integer count, @Nullable Duration reset) {
        this(allowed, count, reset, Duration.ZERO);
    }

    static RateHeaders of(
            @Nullable String allowed, @Nullable String count, @Nullable String reset) {
        Integer requests = number(allowed, 1);
        Integer seconds = number(reset, 0);
        return new RateHeaders(
                requests, number(count, 0), seconds == null ? null : Duration.ofSeconds(seconds));
    }

    RateHeaders after(Duration took) {
        return new RateHeaders(allowed, count, reset, took);
    }

    /// Whether the answer said nothing at all.
    boolean isEmpty() {
        return allowed == null && count == null && reset == null;
    }

    private static @Nullable Integer number(@Nullable String text, int least) {
        if (text == null) {
            return null;
        }
        try {
            int number = Integer.parseInt(text.strip());
            return number < least ? null : number;
        } catch (NumberFormatException garbage) {
            return null;
        }
    }
}
