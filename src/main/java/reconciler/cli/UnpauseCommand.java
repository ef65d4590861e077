package reconciler.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reconciler.database.Database;
import reconciler.queue.PausedSets;
import reconciler.run.ExitCode;
import reconciler.run.Steering;

/// `reconciler unpause SET|--all`
@Command(
        name = "unpause",
        mixinStandardHelpOptions = true,
        header = "Resume a paused change set, or all changes.",
        description =
                "A change set, or with --all the pause of everything: sets that were paused by themselves stay so.",
        footer = {"", "Examples:", "  reconciler unpause 7", "  reconciler unpause --all"})
final class UnpauseCommand implements Callable<Integer> {
    private final Session session;

    @ArgGroup(multiplicity = "1")
    private SetOrAll what = new SetOrAll();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the audit.")
    private @Nullable String reason;

    UnpauseCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Database database = session.database()) {
            PausedSets.Paused over =
                    new Steering(database.dataSource())
                            .unpause(what.set(), new Steering.Order(session.user(), reason));
            session.terminal()
                    .say(
                            what.name()
                                    + " is not paused any more; it had been by "
                                    + over.by()
                                    + " since "
                                    + Times.local().of(over.since())
                                    + ".");
            return ExitCode.OK.code();
        }
    }
}
