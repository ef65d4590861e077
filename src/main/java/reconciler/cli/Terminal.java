package reconciler.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// Where a command writes: data to `out`, everything said about the work to `err`.
///
/// @param interactive whether `err` is a terminal that somebody looks at
record Terminal(PrintStream out, PrintStream err, boolean interactive) {
    /// The process's own streams. The only place that touches them.
    static Terminal ofProcess() {
        return new Terminal(
                new PrintStream(System.out, true, StandardCharsets.UTF_8),
                new PrintStream(System.err, true, StandardCharsets.UTF_8),
                System.console() != null && System.console().isTerminal());
    }

    void say(String line) {
        err.println(line);
    }
}
