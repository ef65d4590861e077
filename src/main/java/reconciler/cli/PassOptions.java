package reconciler.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a run by hand behaves at the desk.
final class PassOptions {
    @Option(names = "--quiet", description = "Nothing on exit 0, a few lines otherwise.")
    private boolean quiet;

    @Option(
            names = "--if-locked",
            paramLabel = "fail|skip|wait=TIME",
            defaultValue = "fail",
            description = "When another run holds the lease: exit 75, exit 0, or wait (wait=10m).")
    private String ifLocked = "fail";

    @Option(
            names = "-o",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table, json, jsonl or csv")
    private Format format = Format.TABLE;

    @Option(
            names = "--anchor-file",
            paramLabel = "FILE",
            description = "Append the audit's head there when the run is over.")
    private @Nullable Path anchorFile;

    boolean quiet() {
        return quiet;
    }

    IfLocked ifLocked() {
        return IfLocked.parse(ifLocked);
    }

    Format format() {
        return format;
    }

    @Nullable Path anchorFile() {
        return anchorFile;
    }
}
