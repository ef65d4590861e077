package reconciler.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reconciler.database.Database;
import reconciler.plan.Approvals;
import reconciler.run.ExitCode;

/// `reconciler reject SET`
@Command(
        name = "reject",
        mixinStandardHelpOptions = true,
        header = "Reject another person's change set.",
        description =
                "Its approval ends, and what waits of it ends CANCELLED, with an outcome in the audit. What is in flight is left to"
                        + " its run. One's own set is withdrawn with `reconciler cancel`.",
        footer = {"", "Examples:", "  reconciler reject 7 --comment \"the list is last month's\""})
final class RejectCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "SET", description = "The change set.")
    private long set;

    @Option(
            names = "--comment",
            paramLabel = "TEXT",
            required = true,
            description = "Why, for the requester and the audit.")
    private String comment = "";

    RejectCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (comment.isBlank()) {
            throw new CommandFailed(ExitCode.USAGE, "--comment says why, it is not blank");
        }
        try (Database database = session.database()) {
            Approvals.Rejection rejection =
                    new Approvals(database.dataSource()).reject(set, comment);
            session.terminal()
                    .out()
                    .println(
                            "change set "
                                    + set
                                    + ": rejected by "
                                    + rejection.by()
                                    + ", "
                                    + Counted.of(rejection.rows().cancelled(), "change")
                                    + " cancelled");
            return CancelCommand.tellOfTheRest(rejection.rows(), session.terminal()).code();
        }
    }
}
