package reconciler.cli;

import reconciler.run.ExitCode;

/// A command cannot do what was asked for; the message says why and what to do.
final class CommandFailed extends RuntimeException {
    private final ExitCode exitCode;

    CommandFailed(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    ExitCode exitCode() {
        return exitCode;
    }
}
