package reconciler.cli;

import picocli.CommandLine.Mixin;
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

    @Mixin private AnchorOptions anchors = new AnchorOptions();

    boolean quiet() {
        return quiet;
    }

    IfLocked ifLocked() {
        return IfLocked.parse(ifLocked);
    }

    Format format() {
        return format;
    }

    AnchorOptions anchors() {
        return anchors;
    }
}
