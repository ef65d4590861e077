package reconciler.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import reconciler.run.ExitCode;

/// An option that is a length of time, such as 90s, 30m, 24h or 7d.
final class TimeOption {
    private TimeOption() {}

    static Duration parse(String option, String text) {
        Duration duration = duration(text);
        if (duration == null || !duration.isPositive()) {
            throw new CommandFailed(
                    ExitCode.USAGE, option + " is a time such as 30m, 24h or 7d, not " + text);
        }
        return duration;
    }

    /// Where none at all is meant by `0ms`.
    static Duration parseOrNone(String option, String text) {
        Duration duration = duration(text);
        if (duration == null || duration.isNegative()) {
            throw new CommandFailed(
                    ExitCode.USAGE, option + " is a time such as 20ms or 2s, or 0ms, not " + text);
        }
        return duration;
    }

    private static @Nullable Duration duration(String text) {
        try {
            return DurationStyle.SIMPLE.parse(text);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
