package reconciler.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reconciler.audit.AnchorFile;
import reconciler.audit.RunStart.Trigger;
import reconciler.database.Database;
import reconciler.patch.ApiSettings;
import reconciler.plan.PlansToApply;
import reconciler.run.ExitCode;
import reconciler.run.JobFile;
import reconciler.run.LeaseHeld;
import reconciler.run.Reconciliation;
import reconciler.run.RunReport;
import reconciler.run.RunRequest;
import reconciler.run.StopSignal;

/// `reconciler run [JOB]`
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Applies everything that is due, once, and explains itself by its exit code.",
        footer = {
            "",
            "Examples:",
            "  reconciler run                     the job \"nightly\"",
            "  reconciler run urgent --dry-run    what it would do; nothing is sent, nothing is changed",
            "  reconciler run nightly --quiet     for cron: says nothing when all is well",
            "  reconciler run nightly --plan p_12  what plan p_12 showed, and nothing else"
        })
final class RunCommand implements Callable<Integer> {
    /// Workers settle one page each in a few milliseconds; more connections would only wait for the
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final Session session;

    @Parameters(
            paramLabel = "JOB",
            arity = "0..1",
            defaultValue = "nightly",
            description = "A file JOB.yml in RECONCILER_JOBS_DIR. Default: ${DEFAULT-VALUE}")
    private String job = "nightly";

    @Option(
            names = "--dry-run",
            description = "Show what would be done. Nothing is sent and nothing is changed.")
    private boolean dryRun;

    @Option(names = "--quiet", description = "Nothing on exit 0, a few lines otherwise.")
    private boolean quiet;

    @Option(
            names = "--if-locked",
            paramLabel = "fail|skip|wait=TIME",
            defaultValue = "fail",
            description = "When another run holds the lease: exit 75, exit 0, or wait (wait=10m).")
    private String ifLocked = "fail";

    @Option(
            names = "-o",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table, json, jsonl or csv")
    private Format format = Format.TABLE;

    @Option(
            names = "--plan",
            paramLabel = "PLAN",
            description =
                    "Apply exactly this plan, such as p_12: only its rows, and of those only what is still as it was seen.")
    private @Nullable String plan;

    @Option(
            names = "--anchor-file",
            paramLabel = "FILE",
            description = "Append the audit's head there when the run is over.")
    private @Nullable Path anchorFile;

    RunCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        IfLocked locked = IfLocked.parse(ifLocked);
        JobFile file = session.jobs().load(job);
        if (dryRun && plan != null) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "--dry-run and --plan exclude each other: the plan was the dry run");
        }
        if (dryRun) {
            try (Database database = session.database()) {
                new Forecasts(session.terminal().out(), format).show(database.dataSource(), file);
                return ExitCode.OK.code();
            }
        }
        if (anchorFile != null) {
            new AnchorFile(anchorFile).demandWritable();
        }
        ApiSettings api = session.api();
        try (Termination termination = Termination.expected();
                Database database = session.databaseForRuns()) {
            var request =
                    new RunRequest(
                            file, Trigger.MANUAL, null, session.user(), plan(database, file));
            return termination.exit(
                    run(
                            session.reconciliation(database, api),
                            request,
                            locked,
                            termination.stop()));
        } catch (LeaseHeld held) {
            if (locked instanceof IfLocked.Skip) {
                session.terminal().say("reconciler: " + held.getMessage() + "; skipped");
                return ExitCode.OK.code();
            }
            throw held;
        }
    }

    private RunRequest.@Nullable PlanToApply plan(Database database, JobFile file) {
        if (plan == null) {
            return null;
        }
        return new PlansToApply(database.dataSource(), session.clock())
                .demand(PlanOption.parse(plan), file);
    }

    private ExitCode run(
            Reconciliation reconciliation, RunRequest request, IfLocked locked, StopSignal stop) {
        RunReport report;
        try (var display = new ProgressDisplay(session.terminal(), quiet)) {
            report = withLease(reconciliation, request, locked, stop, display);
        }
        new RunReports(session.terminal(), format).show(report, quiet);
        if (anchorFile != null) {
            new AnchorFile(anchorFile).append(report.head());
        }
        return report.exitCode();
    }

    private RunReport withLease(
            Reconciliation reconciliation,
            RunRequest request,
            IfLocked locked,
            StopSignal stop,
            ProgressDisplay display) {
        long giveUp = System.nanoTime() + locked.patience().toNanos();
        while (true) {
            try {
                return reconciliation.run(request, stop, display::watch);
            } catch (LeaseHeld held) {
                if (System.nanoTime() - giveUp > 0 || !stop.pause(BETWEEN_LOOKS)) {
                    throw held;
                }
            }
        }
    }
}
