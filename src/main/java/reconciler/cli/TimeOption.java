package reconciler.cli;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reconciler.run.ExitCode;

/// An option that is a length of time with its unit, such as 90s, 30m, 24h or 7d.
final class TimeOption {
    private static final Pattern FORM = Pattern.compile("(\\d{1,6})(ms|s|m|h|d)");

    /// Waiting is counted in nanoseconds, of which a `long` holds not three times as much.
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private TimeOption() {}

    static Duration parse(String option, String text) {
        Duration duration = duration(text);
        if (duration == null || !duration.isPositive()) {
            throw wrong(option + " is a time such as 30m, 24h or 7d, not '" + text + "'");
        }
        return notTooLong(option, duration, text);
    }

    /// Where none at all is meant by `0ms`.
    static Duration parseOrNone(String option, String text) {
        Duration duration = duration(text);
        if (duration == null) {
            throw wrong(option + " is a time such as 20ms or 2s, or 0ms, not '" + text + "'");
        }
        return notTooLong(option, duration, text);
    }

    private static @Nullable Duration duration(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? Duration.of(Long.parseLong(form.group(1)), unit(form.group(2)))
                : null;
    }

    private static ChronoUnit unit(String symbol) {
        return switch (symbol) {
            case "ms" -> ChronoUnit.MILLIS;
            case "s" -> ChronoUnit.SECONDS;
            case "m" -> ChronoUnit.MINUTES;
            case "h" -> ChronoUnit.HOURS;
            default -> ChronoUnit.DAYS;
        };
    }

    private static Duration notTooLong(String option, Duration duration, String text) {
        if (duration.compareTo(LONGEST) > 0) {
            throw wrong(
                    option + " is a time of at most " + LONGEST.toDays() + "d, not '" + text + "'");
        }
        return duration;
    }

    private static CommandFailed wrong(String message) {
        return new CommandFailed(ExitCode.USAGE, message);
    }
}
