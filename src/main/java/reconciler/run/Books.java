package reconciler.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import reconciler.change.ChangeState;

/// Counts after a run, from the tables and not from memory.
///
/// @param planned rows in scope when the run began
/// @param settled rows that the run's workers say they settled
/// @param outcomes terminal outcomes of the run in `audit.outcome`
/// @param unsupported APPLIED outcomes without any request to rest on
/// @param inFlight rows that are still IN_FLIGHT
/// @param stillDue rows in scope that wait, due, because the run was stopped; none otherwise
/// @param deferred rows that the run put off
/// @param cancelled rows that people withdrew while it ran, or whose approval ended
record Books(
        long planned,
        long settled,
        long outcomes,
        long unsupported,
        long inFlight,
        long stillDue,
        long deferred,
        long cancelled) {

    static Books of(RunContext run) {
        Tally.Counts total = run.tally().total();
        Map<String, Map<ChangeState, Long>> outcomes = run.records().auditView().counts(run.run());
        return new Books(
                total.planned(),
                total.done(),
                outcomes.values().stream()
                        .flatMap(states -> states.values().stream())
                        .mapToLong(Long::longValue)
                        .sum(),
                run.records().auditView().appliedWithoutRequest(run.run()),
                run.records().queueView().inFlight(),
                run.stop().isRaised() ? stillDue(run) : 0,
                total.deferred(),
                run.records().due().cancelledSince(run.scope())
                        + run.records().due().lapsed(run.scope()));
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
        if (planned > settled + stillDue + deferred + cancelled) {
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
                            + " cancelled or no longer approved");
        }
        return errors;
    }
}
