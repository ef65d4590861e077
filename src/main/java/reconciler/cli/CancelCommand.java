package reconciler.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reconciler.database.Database;
import reconciler.run.Cancellations;
import reconciler.run.ExitCode;
import reconciler.run.Steering;

/// `reconciler cancel SET|--change ID`
@Command(
        name = "cancel",
        mixinStandardHelpOptions = true,
        header = "Cancel the pending changes of a change set, or one change.",
        description =
                "It ends CANCELLED, with an outcome in the audit. What is in flight is left to its run, what is settled stays as"
                        + " it is. A change of an atomic set takes the others of its participant along.",
        footer = {
            "",
            "Examples:",
            "  reconciler cancel 7 --reason \"the list was last month's\"",
            "  reconciler cancel --change 4711 --reason \"the customer called back\""
        })
final class CancelCommand implements Callable<Integer> {
    private final Session session;

    @ArgGroup(multiplicity = "1")
    private What what = new What();

    @Option(
            names = "--reason",
            required = true,
            paramLabel = "TEXT",
            description = "Why, for the audit.")
    private @Nullable String reason;

    /// One of the two.
    private static final class What {
        @Parameters(paramLabel = "SET", description = "The change set's id.")
        private @Nullable Long set;

        @Option(names = "--change", paramLabel = "ID", description = "One change.")
        private @Nullable Long change;
    }

    CancelCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var order = new Steering.Order(session.user(), reason);
        try (Database database = session.database()) {
            var cancellations = new Cancellations(database.dataSource());
            if (what.change != null) {
                int others = cancellations.ofChange(what.change, order);
                session.terminal()
                        .out()
                        .println(
                                "change "
                                        + what.change
                                        + ": cancelled"
                                        + (others == 0
                                                ? ""
                                                : ", and with it "
                                                        + Counted.of(others, "change")
                                                        + " of the same participant: they are applied all or not at all"));
                return ExitCode.OK.code();
            }
            return tell(cancellations.ofSet(Objects.requireNonNull(what.set), order)).code();
        }
    }

    private ExitCode tell(Cancellations.Cancelled done) {
        session.terminal()
                .out()
                .println(
                        "change set "
                                + what.set
                                + ": "
                                + Counted.of(done.cancelled(), "change")
                                + " cancelled");
        return tellOfTheRest(done, session.terminal());
    }

    /// What could not be cancelled any more.
    static ExitCode tellOfTheRest(Cancellations.Cancelled done, Terminal terminal) {
        if (done.inFlight() == 0) {
            return ExitCode.OK;
        }
        terminal.say(
                Counted.of(done.inFlight(), "row")
                        + (done.inFlight() == 1 ? " is" : " are")
                        + " in flight and not touched: the run settles what it has sent.");
        return ExitCode.NOT_APPLIED;
    }
}
