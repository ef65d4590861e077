package reconciler.cli;

import java.time.Duration;
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
                    new Wait(
                            TimeOption.parse("--if-locked=wait", wait.substring("wait=".length())));
            default -> throw unknown(text);
        };
    }

    default Duration patience() {
        return switch (this) {
            case Fail _, Skip _ -> Duration.ZERO;
            case Wait(Duration longest) -> longest;
        };
    }

    private static CommandFailed unknown(String text) {
        return new CommandFailed(
                ExitCode.USAGE,
                "--if-locked is fail, skip or wait=TIME (for example wait=10m), not " + text);
    }
}
