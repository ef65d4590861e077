package reconciler.cli;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import reconciler.audit.AuditView;
import reconciler.database.Database;
import reconciler.patch.ApiSettings;
import reconciler.run.AlreadyServed;
import reconciler.run.ExitCode;
import reconciler.run.JobFile;
import reconciler.run.Reconciliation;
import reconciler.run.RunReport;
import reconciler.run.RunRequest;
import reconciler.run.StopSignal;
import reconciler.schedule.Scheduler;

/// `reconciler serve`
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        header = "Run the jobs by their schedules, and urgent changes at once, until stopped.",
        description =
                "Runs the job files' schedules in their time zones, one run at a time, and applies what is urgent at once, until it is stopped.",
        footer = {
            "",
            "Examples:",
            "  reconciler serve                   until Ctrl-C or SIGTERM; jobs/systemd/reconciler-serve.service"
        })
final class ServeCommand implements Callable<Integer> {
    private final Session session;

    ServeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        List<JobFile> jobs = session.jobs().loadAll();
        JobFile express = new JobsTogether(jobs).express();
        if (scheduled(jobs) == 0 && express == null) {
            throw new CommandFailed(
                    ExitCode.CONFIGURATION,
                    "no job file has a schedule or an express lane: there is nothing to serve; add `schedule:` or `express:` to one");
        }
        var api = session.api();
        return Termination.during(session, stop -> serve(jobs, express, api, stop));
    }

    private ExitCode serve(
            List<JobFile> jobs, @Nullable JobFile express, ApiSettings api, StopSignal stop) {
        try (Database database = session.databaseForRuns()) {
            var runs =
                    new Served(
                            session.reconciliation(database, api),
                            new AuditView(database.dataSource()),
                            stop);
            var scheduler = new Scheduler(jobs, runs, stop, session.clock());
            Scheduler.Firing next = scheduler.next();
            session.terminal().say(serving(jobs, next, express));
            try (var _ = ServedLane.open(session, express, api, stop)) {
                scheduler.work();
            }
            return ExitCode.STOPPED;
        }
    }

    private static String serving(
            List<JobFile> jobs, Scheduler.@Nullable Firing next, @Nullable JobFile express) {
        String schedules =
                next == null
                        ? Counted.of(scheduled(jobs), "schedule")
                        : Counted.of(scheduled(jobs), "schedule")
                                + ", the next is "
                                + next.job().job()
                                + " at "
                                + new ScheduleInWords(
                                                next.job().job(),
                                                Objects.requireNonNull(next.job().schedule()))
                                        .of(next.at())
                                + " in "
                                + next.job().schedule().zone();
        return "Serving "
                + schedules
                + (express == null ? "." : "; and the express lane of " + express.job() + ".");
    }

    private static long scheduled(List<JobFile> jobs) {
        return jobs.stream().filter(job -> job.schedule() != null).count();
    }

    /// A run must not end the process that serves the schedules: whatever goes wrong is said, and
    /// tried again.
    private final class Served implements Scheduler.Runs {
        private final Reconciliation reconciliation;
        private final AuditView audit;
        private final StopSignal stop;

        Served(Reconciliation reconciliation, AuditView audit, StopSignal stop) {
            this.reconciliation = reconciliation;
            this.audit = audit;
            this.stop = stop;
        }

        @Override
        public boolean run(RunRequest request) {
            StopSignal ofThisRun = stop.child();
            try {
                RunReport report = reconciliation.run(request, ofThisRun, _ -> {});
                new RunReports(session.terminal(), Format.TABLE).show(report, true);
                session.terminal()
                        .say(
                                "run "
                                        + report.run()
                                        + " of job "
                                        + report.job()
                                        + ": exit "
                                        + report.exitCode().code());
                return true;
            } catch (AlreadyServed elsewhere) {
                session.terminal().say(String.valueOf(elsewhere.getMessage()));
                return true;
            } catch (RuntimeException failure) {
                session.terminal()
                        .say(
                                "job "
                                        + request.job().job()
                                        + " could not run: "
                                        + new Failures(session).meaning(failure).message());
                return false;
            } finally {
                stop.forget(ofThisRun);
            }
        }

        @Override
        public @Nullable Instant lastServed(String job) {
            return audit.lastScheduled(job);
        }
    }
}
