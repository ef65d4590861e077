package reconciler.patch;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/// `Retry-After`: seconds as the vendor writes it, or a date as the standard also allows.
final class RetryAfter {
    /// More digits than this is "very long", and no number to calculate with.
    private static final Duration LONGEST = Duration.ofDays(366);

    private RetryAfter() {}

    /// The pause asked for; null when the header is missing, zero, past or garbage.
    static @Nullable Duration parse(@Nullable String header, Instant now) {
        if (header == null || header.isBlank()) {
            return null;
        }
        String text = header.strip();
        Duration pause =
                text.chars().allMatch(letter -> letter >= '0' && letter <= '9')
                        ? seconds(text)
                        : untilDate(text, now);
        return pause == null || pause.isNegative() || pause.isZero() ? null : pause;
    }

    private static Duration seconds(String digits) {
        if (digits.length() > 18) {
            return LONGEST;
        }
        return shorter(Duration.ofSeconds(Long.parseLong(digits)));
    }

    private static @Nullable Duration untilDate(String text, Instant now) {
        try {
            Instant until =
                    ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            return shorter(Duration.between(now, until));
        } catch (DateTimeException garbage) {
            return null;
        }
    }

    private static Duration shorter(Duration pause) {
        return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    }
}
