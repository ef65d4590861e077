package reconciler.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reconciler.database.Database;
import reconciler.run.ExitCode;
import reconciler.run.Steering;

/// `reconciler pause SET|--all`
@Command(
        name = "pause",
        mixinStandardHelpOptions = true,
        header = "Pause a change set, or all changes.",
        description =
                "By runs to come, and by the run under way from its next page on. What is in flight is settled. Until `unpause`.",
        footer = {
            "",
            "Examples:",
            "  reconciler pause 7 --reason \"the list is being checked\"",
            "  reconciler pause --all --reason \"maintenance of the routing\""
        })
final class PauseCommand implements Callable<Integer> {
    private final Session session;

    @ArgGroup(multiplicity = "1")
    private SetOrAll what = new SetOrAll();

    @Option(
            names = "--reason",
            required = true,
            paramLabel = "TEXT",
            description = "Why, for the audit.")
    private @Nullable String reason;

    PauseCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Database database = session.database()) {
            new Steering(database.dataSource())
                    .pause(what.set(), new Steering.Order(session.user(), reason));
            session.terminal().say(what.name() + " is paused.");
            return ExitCode.OK.code();
        }
    }
}
