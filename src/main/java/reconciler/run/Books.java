package reconciler.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import reconciler.change.ChangeState;
import reconciler.queue.Scope;

/// Counts after a run, from the tables and not from memory.
///
/// @param planned rows in scope when the run began
/// @param settled rows that the run's workers say they settled
/// @param outcomes terminal outcomes of the run in `audit.outcome`
/// @param unsupported APPLIED outcomes without any request to rest on
/// @param inFlight rows that are still IN_FLIGHT by a run
/// @param stillDue rows in scope that wait, due, because the run was stopped; otherwise those that
///   people let go or approved while it ran, maybe too late for it
/// @param deferred rows that the run put off
/// @param cancelled rows that people withdrew or paused while it ran, or whose approval ended
/// @param express rows that the express lane settled or took while it ran
/// @param aside rows that were set aside while it ran, and those that wait with them
record Books(
        long planned,
        long settled,
        long outcomes,
        long unsupported,
        long inFlight,
        long stillDue,
        long deferred,
        long cancelled,
        long express,
        long aside) {

    static Books of(RunContext run) {
        return new Unhurried(run.records().dataSource()).count(() -> counted(run));
    }

    private static Books counted(RunContext run) {
        Tally.Counts total = run.tally().total();
        return new Books(
                total.planned(),
                total.done(),
                outcomes(run),
                run.records().auditView().appliedWithoutRequest(run.run()),
                run.records().queueView().inFlight(run.records().lane()),
                run.stop().isRaised() ? stillDue(run) : run.records().due().letGoSince(run.scope()),
                total.deferred(),
                run.records().due().cancelledSince(run.scope())
                        + run.records().due().paused(run.scope())
                        + run.records().due().lapsed(run.scope()),
                express(run),
                run.records().setAsides().heldSince(run.scope().asOf()));
    }

    /// Of the express lane, which plans nothing.
    static Books ofExpress(RunContext run) {
        return new Books(
                0,
                run.tally().total().done(),
                outcomes(run),
                run.records().auditView().appliedWithoutRequest(run.run()),
                run.records().queueView().inFlight(run.records().lane()),
                0,
                0,
                0,
                0,
                0);
    }

    private static long outcomes(RunContext run) {
        Map<String, Map<ChangeState, Long>> outcomes = run.records().auditView().counts(run.run());
        return outcomes.values().stream()
                .flatMap(states -> states.values().stream())
                .mapToLong(Long::longValue)
                .sum();
    }

    /// What is still the lane's own first: what it settles meanwhile counts twice, and not never.
    private static long express(RunContext run) {
        Scope scope = run.scope();
        RunContext.Records records = run.records();
        return !records.beside().leases().wasHeldSince(scope.asOf())
                ? 0
                : records.due().leftToExpressLane(scope)
                        + records.auditView().settledByExpressLane(scope.asOf(), scope.horizon());
    }

    private static long stillDue(RunContext run) {
        return run.records().due().byRole(run.scope()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /// What does not add up; empty when all is well. Rows that were committed late into the scope
    /// may make the right side larger, never smaller.
    List<String> errors() {
        List<String> errors = new ArrayList<>();
        if (outcomes != settled) {
            errors.add(settled + " rows settled, but " + outcomes + " outcomes recorded");
        }
        if (unsupported != 0) {
            errors.add(unsupported + " APPLIED outcomes without a request");
        }
        if (inFlight != 0) {
            errors.add(inFlight + " rows still IN_FLIGHT");
        }
        if (planned > settled + stillDue + deferred + cancelled + express + aside) {
            errors.add(
                    planned
                            + " rows planned, but only "
                            + settled
                            + " settled + "
                            + stillDue
                            + " due + "
                            + deferred
                            + " deferred + "
                            + cancelled
                            + " cancelled, paused or no longer approved + "
                            + express
                            + " left to the express lane + "
                            + aside
                            + " set aside");
        }
        return errors;
    }
}
