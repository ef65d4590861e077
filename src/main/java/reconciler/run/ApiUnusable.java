package reconciler.run;

/// The API cannot be worked with; nothing was claimed and nothing was sent.
public final class ApiUnusable extends RuntimeException {
    private final ExitCode exitCode;

    ApiUnusable(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public ExitCode exitCode() {
        return exitCode;
    }
}
