package reconciler.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reconciler.database.Database;
import reconciler.patch.ApiSettings;
import reconciler.plan.PlanReport;
import reconciler.plan.PlanRequest;
import reconciler.plan.Planner;
import reconciler.run.ExitCode;
import reconciler.run.JobFile;
import reconciler.run.StopSignal;

/// `reconciler plan [SET]`
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        header = "Preview what a run would change. Sends nothing.",
        description = "Nothing is changed; the plan is kept, to be approved and applied.",
        footer = {
            "",
            "A plan of a change set takes the place of the set's earlier plans, and voids what was approved of them.",
            "",
            "Examples:",
            "  reconciler plan 7                    change set 7",
            "  reconciler plan                      everything that the job \"nightly\" would take",
            "  reconciler plan 7 --rows -o csv      every row with its values, as a file for a ticket",
            "  reconciler plan 7 --sample 500       500 of its conversations, for a first look at a large set",
            "  reconciler run nightly --plan p_12   apply exactly that plan"
        })
final class PlanCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(
            paramLabel = "SET",
            arity = "0..1",
            description = "A change set. Default: everything that the job would take.")
    private @Nullable Long set;

    @Option(
            names = "--job",
            paramLabel = "JOB",
            defaultValue = "nightly",
            description = "By whose rules and at whose pace. Default: ${DEFAULT-VALUE}")
    private String job = "nightly";

    @Option(
            names = "--sample",
            paramLabel = "N",
            description =
                    "Look at so many conversations, chosen at random. Such a plan is only for looking at.")
    private @Nullable Integer sample;

    @Option(
            names = "--valid",
            paramLabel = "TIME",
            defaultValue = "24h",
            description = "How long it may be approved and applied. Default: ${DEFAULT-VALUE}")
    private String valid = "24h";

    @Option(
            names = "--rows",
            description =
                    "Show every row, from what to what. With -o csv, json or jsonl: the rows alone, for a ticket or a program.")
    private boolean rows;

    @Option(
            names = "--detailed-exitcode",
            description = "Exit 2 when a run would change something, 0 when not.")
    private boolean detailedExitCode;

    @Option(
            names = "-o",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table or json; jsonl or csv: the groups alone")
    private Format format = Format.TABLE;

    @Mixin private Times times = Times.local();

    PlanCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (sample != null && sample < 1) {
            throw new CommandFailed(
                    ExitCode.USAGE, "--sample is at least one conversation, not " + sample);
        }
        JobFile file = session.jobs().load(job);
        var request =
                new PlanRequest(
                        file, set, sample, TimeOption.parse("--valid", valid), session.user());
        ApiSettings api = session.api();
        return Termination.during(
                session,
                stop -> {
                    try (Database database = session.database()) {
                        PlanReport report =
                                plan(
                                        new Planner(database.dataSource(), api, session.looker()),
                                        request,
                                        stop);
                        return detailedExitCode && report.toSend() > 0
                                ? ExitCode.CHANGES
                                : ExitCode.OK;
                    }
                });
    }

    private PlanReport plan(Planner planner, PlanRequest request, StopSignal stop) {
        var reports = new PlanReports(session.terminal(), format, times);
        if (!rows) {
            PlanReport report = planner.plan(request, stop, _ -> {});
            reports.show(report, request);
            return report;
        }
        PlanReport report;
        try (var shown = new PlanRows(session.terminal(), format)) {
            report = planner.plan(request, stop, shown::show);
        }
        reports.showBesideRows(report, request);
        return report;
    }
}
