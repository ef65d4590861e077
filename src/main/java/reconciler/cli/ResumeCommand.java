package reconciler.cli;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import reconciler.audit.AuditView;
import reconciler.audit.AuditView.RunRow;
import reconciler.audit.EventView;
import reconciler.audit.RunStart.Trigger;
import reconciler.database.Database;
import reconciler.plan.PlansToApply;
import reconciler.run.Contradiction;
import reconciler.run.ExitCode;
import reconciler.run.JobFile;
import reconciler.run.Leases;
import reconciler.run.RunRequest;
import reconciler.run.RunRequest.PlanToApply;

/// `reconciler resume [RUN]`
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        header = "Continue a run that ended early.",
        description =
                "A new run of the same job, by the same plan if there was one, takes what is left. The state of the work is in"
                        + " the rows, so nothing is done twice.",
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

    /// Nobody makes so many probes between two runs.
    private static final int LATEST = 1_000;

    private final Session session;

    @Parameters(
            paramLabel = "RUN",
            arity = "0..1",
            description = "The run's id. Default: the last one that was not a probe.")
    private @Nullable Long run;

    @Mixin private PassOptions options = new PassOptions();

    ResumeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        RunRow ended;
        String plan;
        try (Database database = session.database()) {
            ended = ended(new AuditView(database.dataSource()));
            refuseUnlessEarly(ended, new Leases(database.dataSource()).holder());
            plan = new EventView(database.dataSource()).planOf(ended.runId());
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
                                    + "; a new run takes what is "
                                    + (plan == null ? "due." : "left of plan " + plan + "."));
        }
        return new Pass(session, options).carryOut(database -> request(database, job, plan));
    }

    private RunRequest request(Database database, JobFile job, @Nullable String plan) {
        PlanToApply same =
                plan == null
                        ? null
                        : new PlansToApply(database.dataSource())
                                .demand(PlanOption.parse(plan), job);
        return new RunRequest(job, Trigger.MANUAL, null, session.user(), same);
    }

    private RunRow ended(AuditView audit) {
        if (run != null) {
            RunRow found = audit.run(run);
            if (found == null) {
                throw new Contradiction(
                        "there is no run " + run + "; `reconciler status` lists the last ones");
            }
            if (found.trigger().equals(Trigger.EXPRESS.label())) {
                throw new Contradiction(
                        "run " + run + " is one of the express lane, which goes on by itself");
            }
            if (isLook(found)) {
                throw new Contradiction(
                        "number "
                                + run
                                + " is of a look ("
                                + found.trigger()
                                + "), which changed nothing; `reconciler status` lists the last runs");
            }
            if (isProbe(found)) {
                throw new Contradiction(
                        "run "
                                + run
                                + " was one change by hand; `reconciler probe CHANGE --send` tries one again");
            }
            return found;
        }
        return audit.runs(null, LATEST).stream()
                .filter(last -> !isProbe(last))
                .findFirst()
                .orElseThrow(() ->
                        new Contradiction("there was no run yet; `reconciler run` makes one"));
    }

    private static boolean isLook(RunRow run) {
        return Arrays.stream(Trigger.values())
                .anyMatch(one -> one.isLook() && one.label().equals(run.trigger()));
    }

    private static boolean isProbe(RunRow run) {
        return run.trigger().equals(Trigger.PROBE.label());
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
                ? "What it left was not counted"
                : Counted.of(ended.pending(), "row") + " of its " + ended.planned() + " were left";
    }
}
