package reconciler.cli;

import java.time.Duration;
import org.springframework.boot.convert.DurationStyle;
import reconciler.run.ExitCode;

/// `--if-locked`: what to do when another run holds the lease.
sealed interface IfLocked {
    record Fail() implements IfLocked {}

    record Skip() implements IfLocked {}

    record Wait(Duration longest) implements IfLocked {}

    static IfLocked parse(String text) {
        return switch (text) {
            case "fail" -> new Fail();
            case "skip" -> new Skip();
            case String wait when wait.startsWith("wait=") ->
                    new Wait(duration(wait.substring("wait=".length())));
            default -> throw unknown(text);
        };
    }

    default Duration patience() {
        return switch (this) {
            case Fail _, Skip _ -> Duration.ZERO;
            case Wait(Duration longest) -> longest;
        };
    }

    private static Duration duration(String text) {
        try {
            return DurationStyle.SIMPLE.parse(text);
        } catch (IllegalArgumentException noDuration) {
            throw unknown("wait=" + text);
        }
    }

    private static CommandFailed unknown(String text) {
        return new CommandFailed(
                ExitCode.USAGE,
                "--if-locked is fail, skip or wait=TIME (for example wait=10m), not " + text);
    }
}
