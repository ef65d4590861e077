package reconciler.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import reconciler.run.ExitCode;

/// `reconciler man [COMMAND]`
@Command(
        name = "man",
        mixinStandardHelpOptions = true,
        header = "Print the manual as man pages.",
        description = "The manual as man pages: one to stdout, or all of them into a directory.",
        footer = {
            "",
            "Examples:",
            "  reconciler man plan | man -l -",
            "  reconciler man --to ~/.local/share/man/man1     then: man reconciler, man reconciler-plan"
        })
final class ManCommand implements Callable<Integer> {
    private final Session session;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
            paramLabel = "COMMAND",
            arity = "0..*",
            description =
                    "Whose page, such as plan, or audit verify. Default: the whole program's.")
    private List<String> command = new ArrayList<>();

    @Option(
            names = "--to",
            paramLabel = "DIRECTORY",
            description = "Write every page there; it is made when it is missing.")
    private @Nullable Path directory;

    ManCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (directory == null) {
            session.terminal().out().print(new ManPage(chosen()).text());
        } else {
            writeAll(directory);
        }
        return ExitCode.OK.code();
    }

    private CommandSpec chosen() {
        CommandSpec chosen = spec.root();
        for (String name : command) {
            CommandLine sub = chosen.subcommands().get(name);
            if (sub == null) {
                throw new CommandFailed(
                        ExitCode.USAGE,
                        "there is no command "
                                + String.join(" ", command)
                                + "; `reconciler --help` lists those there are");
            }
            chosen = sub.getCommandSpec();
        }
        return chosen;
    }

    private void writeAll(Path place) {
        try {
            Files.createDirectories(place);
            List<ManPage> pages = ManPage.all(spec.root());
            for (ManPage page : pages) {
                Files.writeString(
                        place.resolve(page.name() + ".1"), page.text(), StandardCharsets.UTF_8);
            }
            session.terminal().say(Counted.of(pages.size(), "page") + " written to " + place + ".");
        } catch (IOException failure) {
            throw new UncheckedIOException("the man pages cannot be written to " + place, failure);
        }
    }
}
