package reconciler.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import reconciler.audit.RunStart.Trigger;
import reconciler.database.Database;
import reconciler.plan.PlansToApply;
import reconciler.run.ExitCode;
import reconciler.run.JobFile;
import reconciler.run.RunRequest;

/// `reconciler run [JOB]`
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        header = "Apply all changes that are due, once.",
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
    /// What only a run has a use for.
    private static final List<String> OF_A_RUN =
            List.of("--quiet", "--if-locked", "--anchor-file", "--anchor-url");

    private final Session session;

    @Spec private CommandSpec spec = CommandSpec.create();

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

    @Option(
            names = "--plan",
            paramLabel = "PLAN",
            description =
                    "Apply exactly this plan, such as p_12: only its rows, and of those only what is still as it was seen.")
    private @Nullable String plan;

    @Mixin private PassOptions options = new PassOptions();

    RunCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var _ = options.ifLocked();
        if (dryRun) {
            refuseWhatItHasNoUseFor();
        }
        JobFile file = session.jobs().load(job);
        if (!dryRun) {
            return new Pass(session, options).carryOut(database -> request(database, file));
        }
        try (Database database = session.database()) {
            new Forecasts(session.terminal().out(), options.format())
                    .show(database.dataSource(), file);
            return ExitCode.OK.code();
        }
    }

    private void refuseWhatItHasNoUseFor() {
        if (plan != null) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "--dry-run and --plan exclude each other: the plan was the dry run");
        }
        ParseResult given = spec.commandLine().getParseResult();
        List<String> useless = OF_A_RUN.stream().filter(given::hasMatchedOption).toList();
        if (!useless.isEmpty()) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "--dry-run and "
                            + String.join(", ", useless)
                            + " exclude each other: a dry run only shows, takes no lease and keeps no anchor; leave out"
                            + " one or the other");
        }
    }

    private RunRequest request(Database database, JobFile file) {
        return new RunRequest(file, Trigger.MANUAL, null, session.user(), plan(database, file));
    }

    private RunRequest.@Nullable PlanToApply plan(Database database, JobFile file) {
        if (plan == null) {
            return null;
        }
        return new PlansToApply(database.dataSource()).demand(PlanOption.parse(plan), file);
    }
}
