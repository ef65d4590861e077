package reconciler.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// One change set, or everything.
final class SetOrAll {
    @Parameters(paramLabel = "SET", description = "The change set's id.")
    private @Nullable Long set;

    @Option(names = "--all", description = "Everything, whatever its set.")
    private boolean all;

    /// Null means everything.
    @Nullable Long set() {
        return all ? null : set;
    }

    /// As a sentence begins.
    String name() {
        return set() == null ? "Everything" : "Change set " + set;
    }
}
