package reconciler.cli;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import reconciler.audit.AuditView;
import reconciler.audit.AuditView.RunRow;
import reconciler.database.Database;
import reconciler.run.Contradiction;
import reconciler.run.ExitCode;
import reconciler.run.JobFile;
import reconciler.run.Leases;

/// `reconciler resume [RUN]`
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        header = "Goes on with a run that ended early: stopped, out of budget, died.",
        description =
                "A new run of the same job takes what is left. The state of the work is in the rows, so nothing is done twice.",
        footer = {
            "",
            "Examples:",
            "  reconciler resume                  the last run",
            "  reconciler resume 12 --quiet"
        })
final class ResumeCommand implements Callable<Integer> {
    /// A run that ended so has no work left that a new one would not take anyway.
    private static final Set<Integer> FINISHED =
            Set.of(ExitCode.OK.code(), ExitCode.NOT_APPLIED.code());

    private final Session session;

    @Parameters(
            paramLabel = "RUN",
            arity = "0..1",
            description = "The run's id. Default: the last one.")
    private @Nullable Long run;

    @Mixin private PassOptions options = new PassOptions();

    ResumeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        RunRow ended;
        try (Database database = session.database()) {
            ended = ended(new AuditView(database.dataSource()));
            refuseUnlessEarly(ended, new Leases(database.dataSource()).holder());
        }
        JobFile job = session.jobs().load(ended.job());
        if (!options.quiet()) {
            session.terminal()
                    .say(
                            "Run "
                                    + ended.runId()
                                    + " of job "
                                    + ended.job()
                                    + " ended early: "
                                    + ended.explanation()
                                    + ". "
                                    + left(ended)
                                    + "; a new run takes what is due.");
        }
        return new Pass(session, options).carryOut(job);
    }

    private RunRow ended(AuditView audit) {
        if (run != null) {
            RunRow found = audit.run(run);
            if (found == null) {
                throw new Contradiction(
                        "there is no run " + run + "; `reconciler status` lists the last ones");
            }
            if (found.trigger().equals("express")) {
                throw new Contradiction(
                        "run " + run + " is one of the express lane, which goes on by itself");
            }
            return found;
        }
        List<RunRow> last = audit.runs(null, 1);
        if (last.isEmpty()) {
            throw new Contradiction("there was no run yet; `reconciler run` makes one");
        }
        return last.getFirst();
    }

    private static void refuseUnlessEarly(RunRow ended, Leases.@Nullable Holder holder) {
        if (holder != null
                && holder.isAlive()
                && Long.valueOf(ended.runId()).equals(holder.runId())) {
            throw new Contradiction(
                    "run " + ended.runId() + " is under way; `reconciler status --watch` shows it");
        }
        if (ended.exitCode() != null && FINISHED.contains(ended.exitCode())) {
            throw new Contradiction(
                    "run "
                            + ended.runId()
                            + " is finished ("
                            + ended.explanation()
                            + "); `reconciler run "
                            + ended.job()
                            + "` takes what waits now, `reconciler redrive --run "
                            + ended.runId()
                            + "` tries again what ended badly");
        }
    }

    private static String left(RunRow ended) {
        return ended.pending() == null
                ? "Nobody counted what it left"
                : Counted.of(ended.pending(), "row") + " of its " + ended.planned() + " were left";
    }
}
