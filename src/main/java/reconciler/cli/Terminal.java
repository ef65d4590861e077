package reconciler.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Where a command writes: data to `out`, everything said about the work to `err`.
///
/// @param interactive whether somebody sits at a terminal
record Terminal(StandardOutput out, PrintStream err, boolean interactive) {
    /// The process's own streams. The only place that touches them.
    static Terminal ofProcess() {
        boolean interactive =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        return new Terminal(
                new StandardOutput(
                        new FileOutputStream(FileDescriptor.out),
                        Screen.of(System.getenv(), interactive)),
                new PrintStream(System.err, true, StandardCharsets.UTF_8),
                interactive);
    }

    PrintWriter outWriter() {
        return new PrintWriter(out, true, StandardCharsets.UTF_8);
    }

    PrintWriter errWriter() {
        return new PrintWriter(err, true, StandardCharsets.UTF_8);
    }

    /// Asks, where somebody is there to answer.
    boolean agrees(String question) {
        return interactive
                && Optional.ofNullable(System.console())
                        .map(console -> console.readLine("%s", question))
                        .map(answer -> answer.strip().equalsIgnoreCase("y"))
                        .orElse(false);
    }

    /// Before the same is shown anew: an empty screen at a terminal, an empty line elsewhere.
    void startOver() {
        if (interactive) {
            out.print("\u001b[H\u001b[2J\u001b[3J");
            out.flush();
        } else {
            out.println();
        }
    }

    void say(String line) {
        err.println(line);
    }
}
