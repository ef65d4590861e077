package reconciler.run;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reconciler.change.ChangeState;
import reconciler.outcome.Disposition;
import reconciler.outcome.Evidence;
import reconciler.outcome.Settlement;

/// Stops the run when too many rows fail: the job file's failure budget, and while the canary is
/// out its own, stricter limit.
final class FailureWatch {
    private final JobFile job;
    private final StopSignal stop;
    private final Map<String, Integer> groups = new LinkedHashMap<>();
    private long settled;
    private long failed;

    FailureWatch(JobFile job, StopSignal stop) {
        this.job = job;
        this.stop = stop;
    }

    /// A row that cannot be settled has failed.
    synchronized void saw(Entered entered) {
        entered.aside()
                .forEach(row -> {
                    settled++;
                    failed++;
                    groups.merge("set aside", 1, Integer::sum);
                });
        saw(entered.settled());
    }

    synchronized void saw(List<Settlement> settlements) {
        for (Settlement settlement : settlements) {
            ChangeState end = end(settlement.disposition());
            if (end != null) {
                settled++;
                if (isFailure(end)) {
                    failed++;
                    groups.merge(group(end, settlement.evidence()), 1, Integer::sum);
                }
            }
        }
        JobFile.FailureBudget budget = job.failureBudget();
        if (budget != null && budget.isSpentBy(failed, settled)) {
            stop.raise(
                    ExitCode.STOPPED_BY_FAILURES,
                    "the failure budget is spent: "
                            + failed
                            + " of "
                            + settled
                            + " rows failed, "
                            + greatestGroup()
                            + " (failure-budget: "
                            + budget.rows()
                            + ", at least "
                            + budget.atLeast()
                            + " rows); what was not sent is pending");
        }
    }

    /// The canary's rows are all back.
    synchronized void canaryReturned() {
        JobFile.Canary canary = job.canary();
        if (canary != null && canary.stopAbove().isExceededBy(failed, settled)) {
            stop.raise(
                    ExitCode.STOPPED_BY_FAILURES,
                    "the canary failed: "
                            + failed
                            + " of its "
                            + settled
                            + " rows, "
                            + greatestGroup()
                            + " (canary.stop-above: "
                            + canary.stopAbove()
                            + "); what was not sent is pending");
        }
    }

    private static String group(ChangeState end, Evidence evidence) {
        return Stream.of(end, evidence.httpStatus(), evidence.code())
                .filter(Objects::nonNull)
                .map(String::valueOf)
                .collect(Collectors.joining(" "));
    }

    /// `9 of them REJECTED 400 invalid.attribute`
    private String greatestGroup() {
        Map.Entry<String, Integer> greatest =
                Collections.max(groups.entrySet(), Comparator.comparing(Map.Entry::getValue));
        return greatest.getValue() + " of them " + greatest.getKey();
    }

    private static @Nullable ChangeState end(Disposition disposition) {
        return switch (disposition) {
            case Disposition.Settled(ChangeState state, _) -> state;
            case Disposition.Deferred _, Disposition.Released _ -> null;
        };
    }

    /// An expired row came too late; that says nothing about the API or the data.
    private static boolean isFailure(ChangeState end) {
        return end.isNotApplied() && end != ChangeState.EXPIRED;
    }
}
