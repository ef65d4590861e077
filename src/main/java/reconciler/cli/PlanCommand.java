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

/// `reconciler plan [SET]`
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        header = "Looks at every participant and shows what a run would change.",
        description = "Nothing is changed; the plan is kept, to be approved and applied.",
        footer = {
            "",
            "A plan of a change set takes the place of the set's earlier plans, and voids what was approved of them.",
            "",
            "Examples:",
            "  reconciler plan 7                    change set 7",
            "  reconciler plan                      everything that the job \"nightly\" would take",
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
                                new Planner(database.dataSource(), api, session.looker())
                                        .plan(request, stop);
                        new PlanReports(session.terminal(), format, times).show(report, request);
                        return detailedExitCode && report.toSend() > 0
                                ? ExitCode.CHANGES
                                : ExitCode.OK;
                    }
                });
    }
}
