package reconciler.cli;

import java.time.Duration;
import org.springframework.boot.convert.DurationStyle;
import reconciler.run.ExitCode;

/// An option that is a length of time, such as 90s, 30m, 24h or 7d.
final class TimeOption {
    private TimeOption() {}

    static Duration parse(String option, String text) {
        try {
            Duration duration = DurationStyle.SIMPLE.parse(text);
            if (duration.isPositive()) {
                return duration;
            }
        } catch (IllegalArgumentException noDuration) {
            // Said below.
        }
        throw new CommandFailed(
                ExitCode.USAGE, option + " is a time such as 30m, 24h or 7d, not " + text);
    }
}
