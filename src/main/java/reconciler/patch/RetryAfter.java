package reconciler.patch;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// `Retry-After`: seconds as the vendor writes it, or a date in one of the three forms that the
/// standard allows. A date is held against the answer's own `Date`, so that it does not matter what
/// this machine takes the time to be.
final class RetryAfter {
    /// More than this is "very long", and no number to calculate with.
    private static final Duration LONGEST = Duration.ofDays(366);

    private static final int DIGITS = 18;

    private RetryAfter() {}

    static @Nullable Duration of(Answer.Received answer, Instant now) {
        return parse(answer.header("Retry-After"), answer.header("Date"), now);
    }

    /// The pause asked for; null when the header is missing, zero, past or garbage.
    ///
    /// @param date the answer's `Date`; without one, or when it is no date, `now` stands for it
    static @Nullable Duration parse(@Nullable String header, @Nullable String date, Instant now) {
        if (header == null || header.isBlank()) {
            return null;
        }
        String text = header.strip();
        Duration pause =
                text.chars().allMatch(letter -> letter >= '0' && letter <= '9')
                        ? seconds(text)
                        : untilDate(text, date, now);
        return pause == null || pause.isNegative() || pause.isZero() ? null : pause;
    }

    private static Duration seconds(String text) {
        String digits = text.replaceFirst("^0+(?=.)", "");
        return digits.length() > DIGITS
                ? LONGEST
                : shorter(Duration.ofSeconds(Long.parseLong(digits)));
    }

    private static @Nullable Duration untilDate(String text, @Nullable String date, Instant now) {
        Instant until = instant(text, now);
        if (until == null) {
            return null;
        }
        Instant said = date == null ? null : instant(date.strip(), now);
        return shorter(Duration.between(said == null ? now : said, until));
    }

    private static @Nullable Instant instant(String text, Instant now) {
        for (DateTimeFormatter form : forms(now)) {
            Instant instant = instant(text, form);
            if (instant != null) {
                return instant;
            }
        }
        return null;
    }

    private static @Nullable Instant instant(String text, DateTimeFormatter form) {
        try {
            return LocalDateTime.parse(text, form).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException anotherForm) {
            return null;
        }
    }

    /// Of the years that two digits may mean, the one that is less than fifty years away.
    private static List<DateTimeFormatter> forms(Instant now) {
        int year = now.atOffset(ZoneOffset.UTC).getYear();
        return List.of(
                form("EEE, d MMM uuuu HH:mm:ss 'GMT'"),
                new DateTimeFormatterBuilder()
                        .appendPattern("EEEE, d-MMM-")
                        .appendValueReduced(ChronoField.YEAR, 2, 2, year - 49)
                        .appendPattern(" HH:mm:ss 'GMT'")
                        .toFormatter(Locale.US)
                        .withResolverStyle(ResolverStyle.STRICT),
                form("EEE MMM ppd HH:mm:ss uuuu"));
    }

    private static DateTimeFormatter form(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.US)
                .withResolverStyle(ResolverStyle.STRICT);
    }

    private static Duration shorter(Duration pause) {
        return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    }
}
