package reconciler.cli;

import java.time.Duration;
import java.util.function.Function;
import reconciler.audit.RunStart.Trigger;
import reconciler.database.Database;
import reconciler.patch.ApiSettings;
import reconciler.run.ExitCode;
import reconciler.run.JobFile;
import reconciler.run.LeaseHeld;
import reconciler.run.Reconciliation;
import reconciler.run.RunReport;
import reconciler.run.RunRequest;
import reconciler.run.StopSignal;

/// One run by hand, from the lease to the report on the terminal.
record Pass(Session session, PassOptions options) {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Duration JUST_OVER = Duration.ofMillis(50);

    /// @return the exit code
    int carryOut(JobFile job) {
        return carryOut(_ -> new RunRequest(job, Trigger.MANUAL, null, session.user()));
    }

    /// @param request made when there is a database to make it from
    int carryOut(Function<Database, RunRequest> request) {
        IfLocked locked = options.ifLocked();
        options.anchors().demandUsable();
        ApiSettings api = session.api();
        try (Termination termination = Termination.expected();
                Database database = session.databaseForRuns()) {
            return termination.exit(
                    run(
                            session.reconciliation(database, api),
                            request.apply(database),
                            locked,
                            termination.stop()));
        } catch (LeaseHeld held) {
            if (locked instanceof IfLocked.Skip) {
                if (!options.quiet()) {
                    session.terminal().say("reconciler: " + held.getMessage() + "; skipped");
                }
                return ExitCode.OK.code();
            }
            throw held;
        }
    }

    private ExitCode run(
            Reconciliation reconciliation, RunRequest request, IfLocked locked, StopSignal stop) {
        RunReport report;
        try (var display = new ProgressDisplay(session.terminal(), options.quiet())) {
            report = withLease(reconciliation, request, locked, stop, display);
        }
        new RunReports(session.terminal(), options.format()).show(report, options.quiet());
        var _ = options.anchors().keep(report.head(), session.terminal());
        return report.exitCode();
    }

    private static RunReport withLease(
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
                if (System.nanoTime() - giveUp > 0 || !stop.pause(untilTheNextLook(held))) {
                    throw held;
                }
            }
        }
    }

    /// A holder that died is not waited for longer than its lease lasts.
    private static Duration untilTheNextLook(LeaseHeld held) {
        Duration remaining = held.remaining().plus(JUST_OVER);
        return remaining.compareTo(BETWEEN_LOOKS) < 0 ? remaining : BETWEEN_LOOKS;
    }
}
