package reconciler.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reconciler.database.Database;
import reconciler.plan.Approvals;
import reconciler.run.ExitCode;

/// `reconciler approve SET`
@Command(
        name = "approve",
        mixinStandardHelpOptions = true,
        header = "Approve another person's change set.",
        description =
                "You are who you are to the database (RECONCILER_DB_USER), and neither who asked"
                        + " for the set nor who queued it.",
        footer = {
            "",
            "It holds for that plan only: a new plan, and rows added or cancelled, end it.",
            "",
            "Examples:",
            "  reconciler approve 7 --comment \"compared with OPS-4711\"",
            "  reconciler approve 7 --plan p_12 --valid 8h"
        })
final class ApproveCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "SET", description = "The change set.")
    private long set;

    @Option(
            names = "--plan",
            paramLabel = "PLAN",
            description = "Which of its plans, such as p_12. Default: the newest.")
    private @Nullable String plan;

    @Option(names = "--comment", paramLabel = "TEXT", description = "For the audit.")
    private @Nullable String comment;

    @Option(
            names = "--valid",
            paramLabel = "TIME",
            defaultValue = "24h",
            description = "What is not sent by then is not sent. Default: ${DEFAULT-VALUE}")
    private String valid = "24h";

    @Mixin private Times times = Times.local();

    ApproveCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Long chosen = plan == null ? null : PlanOption.parse(plan);
        var time = TimeOption.parse("--valid", valid);
        try (Database database = session.database()) {
            Approvals.Approval approval =
                    new Approvals(database.dataSource()).approve(set, chosen, comment, time);
            session.terminal()
                    .out()
                    .println(
                            "change set "
                                    + set
                                    + ": approved by "
                                    + approval.by()
                                    + " until "
                                    + times.of(approval.until())
                                    + ", plan "
                                    + approval.plan()
                                    + " sha256:"
                                    + approval.sha256());
            return ExitCode.OK.code();
        }
    }
}
