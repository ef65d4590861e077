package reconciler.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reconciler.calendar.PointInTime;
import reconciler.calendar.Unreadable;
import reconciler.run.ExitCode;

/// A point in time as an option says it: with its offset, or from now.
final class Moment {
    private static final Pattern FROM_NOW = Pattern.compile("([+-])(\\d{1,6})([smhd])");

    private Moment() {}

    /// @return null when the option was not given
    static @Nullable Instant of(String option, @Nullable String text, InstantSource clock) {
        return of(option, text, clock, null);
    }

    /// @param zone of a time without an offset; null: it is refused
    /// @return null when the option was not given
    static @Nullable Instant of(
            String option, @Nullable String text, InstantSource clock, @Nullable ZoneId zone) {
        if (text == null) {
            return null;
        }
        Matcher fromNow = FROM_NOW.matcher(text);
        if (fromNow.matches()) {
            Duration distance = Duration.parse(iso(fromNow.group(2), fromNow.group(3)));
            Instant now = clock.instant();
            return fromNow.group(1).equals("+") ? now.plus(distance) : now.minus(distance);
        }
        try {
            return PointInTime.parse(text, zone);
        } catch (Unreadable unreadable) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    option
                            + " is a time with its offset, such as 2026-11-23T18:00:00Z, or from now, such as +2h or"
                            + " -30m, not "
                            + PlainText.oneLine(text)
                            + ": "
                            + unreadable.reason());
        }
    }

    private static String iso(String number, String unit) {
        return unit.equals("d")
                ? "P" + number + "D"
                : "PT" + number + unit.toUpperCase(Locale.ROOT);
    }
}
