package reconciler.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reconciler.database.Database;
import reconciler.run.ExitCode;
import reconciler.run.JobFile;

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
            "  reconciler run nightly --quiet     for cron: says nothing when all is well"
        })
final class RunCommand implements Callable<Integer> {
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

    @Mixin private PassOptions options = new PassOptions();

    RunCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var _ = options.ifLocked();
        JobFile file = session.jobs().load(job);
        if (!dryRun) {
            return new Pass(session, options).carryOut(file);
        }
        try (Database database = session.database()) {
            new Forecasts(session.terminal().out(), options.format())
                    .show(database.dataSource(), file);
            return ExitCode.OK.code();
        }
    }
}
