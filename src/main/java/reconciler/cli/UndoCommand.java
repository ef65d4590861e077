package reconciler.cli;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reconciler.database.Database;
import reconciler.patch.ApiSettings;
import reconciler.plan.Undo;
import reconciler.plan.UndoVerdict;
import reconciler.run.ExitCode;
import reconciler.run.JobFile;

/// `reconciler undo SET`
@Command(
        name = "undo",
        mixinStandardHelpOptions = true,
        header = "Queue the previous values of a change set as a new change set.",
        description =
                "Shows first what it would do, and leaves out what somebody changed since. The new set is planned, approved and"
                        + " applied like any other.",
        footer = {
            "",
            "Needs before-image: read in the job file when the set was applied. What did not exist before is set to",
            "\"\": the API cannot remove an attribute. Without --yes, and without somebody at a terminal to ask, it only",
            "shows (exit 2).",
            "",
            "Examples:",
            "  reconciler undo 7                  shows what it would do",
            "  reconciler undo 7 --reason \"the list was last month's\" --yes"
        })
final class UndoCommand implements Callable<Integer> {
    private static final int GROUPS = 20;

    private static final List<String> COLUMNS =
            List.of("verdict", "role", "attribute", "now", "", "then", "rows");

    private final Session session;

    @Parameters(paramLabel = "SET", description = "The change set that is to be taken back.")
    private long set;

    @Option(names = "--yes", description = "Queue it without a question.")
    private boolean yes;

    @Option(names = "--no-input", description = "Ask nothing, even at a terminal.")
    private boolean noInput;

    @Option(names = "--reason", description = "Why, for the audit.")
    private @Nullable String reason;

    @Option(
            names = "--by",
            paramLabel = "NAME",
            description = "Who asks. Default: the operating system's user.")
    private @Nullable String by;

    @Option(
            names = "--job",
            paramLabel = "JOB",
            defaultValue = "nightly",
            description = "At whose pace. Default: ${DEFAULT-VALUE}")
    private String job = "nightly";

    UndoCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        JobFile file = session.jobs().load(job);
        ApiSettings api = session.api();
        return Termination.during(
                session,
                stop -> {
                    try (Database database = session.database()) {
                        var undo = new Undo(database.dataSource(), api, session.looker());
                        Undo.Report report = undo.look(file, set, stop);
                        show(report);
                        return queue(undo, report);
                    }
                });
    }

    private ExitCode queue(Undo undo, Undo.Report report) {
        if (report.changes().isEmpty()) {
            session.terminal().say("Nothing is left to take back; nothing was queued.");
            return ExitCode.OK;
        }
        if (!yes && !isAgreed(report)) {
            session.terminal().say("Nothing was queued; --yes queues it.");
            return ExitCode.CHANGES;
        }
        long queued = undo.queue(report, by == null ? session.user() : by, reason);
        session.terminal()
                .out()
                .println(
                        "change set "
                                + queued
                                + ": "
                                + Counted.of(report.changes().size(), "change")
                                + " queued, to undo change set "
                                + set
                                + "; next: `reconciler plan "
                                + queued
                                + "`");
        return ExitCode.OK;
    }

    private boolean isAgreed(Undo.Report report) {
        return !noInput
                && session.terminal()
                        .agrees(
                                "Queue "
                                        + Counted.of(report.changes().size(), "change")
                                        + "? [y/N] ");
    }

    private void show(Undo.Report report) {
        var out = session.terminal().out();
        try (Sheet sheet = Format.TABLE.open(out, "groups", COLUMNS)) {
            report.groups().stream()
                    .limit(GROUPS)
                    .forEach(group ->
                            sheet.row(
                                    List.of(
                                            group.finding().words(),
                                            group.role(),
                                            group.attribute(),
                                            isSeen(group.finding())
                                                    ? PlanReports.shortened(group.before())
                                                    : "",
                                            group.finding() == UndoVerdict.TAKEN_BACK ? "->" : "",
                                            group.finding() == UndoVerdict.TAKEN_BACK
                                                    ? PlanReports.shortened(group.after())
                                                    : "",
                                            group.rows())));
        }
        long more = report.groups().stream().skip(GROUPS).count();
        if (more > 0 || report.ungrouped() > 0) {
            out.println("... and more kinds");
        }
        out.println();
        out.println(
                Arrays.stream(UndoVerdict.values())
                                .filter(verdict -> report.counts().containsKey(verdict))
                                .map(verdict ->
                                        report.counts().get(verdict) + " " + verdict.words())
                                .collect(Collectors.joining("; "))
                        + ".");
        if (report.emptied() > 0) {
            out.println(
                    Counted.of(report.emptied(), "attribute")
                            + " did not exist before: set to \"\", since the API cannot remove one.");
        }
    }

    private static boolean isSeen(UndoVerdict verdict) {
        return switch (verdict) {
            case TAKEN_BACK, ALREADY, CHANGED_SINCE, WITH_ANOTHER -> true;
            case REPLACED, GONE, UNKNOWN, UNREADABLE -> false;
        };
    }
}
