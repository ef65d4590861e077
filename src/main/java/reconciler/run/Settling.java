package reconciler.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reconciler.change.AttributeChange;
import reconciler.outcome.Attempt;
import reconciler.outcome.Settlement;
import reconciler.queue.RowFault;
import reconciler.queue.Savepoints;
import reconciler.queue.SetAside;

/// Settles a claim in the caller's transaction, fenced by the lease. When a row is to blame that
/// this fails, the row is found by trying halves, and set aside; the others are settled all the
/// same.
final class Settling {
    private static final Logger LOG = LoggerFactory.getLogger(Settling.class);

    private final RunContext.Records records;
    private final Lease lease;
    private final long run;
    private final String part;
    private final Savepoints savepoints;

    /// @param part what the run divides itself into
    Settling(RunContext.Records records, Lease lease, long run, String part) {
        this.records = records;
        this.lease = lease;
        this.run = run;
        this.part = part;
        this.savepoints = new Savepoints(records.dataSource());
    }

    /// @throws LeaseLost when another has taken over
    /// @throws RuntimeException when no row is to blame, or every one may be
    Entered settle(long claim, List<Attempt> attempts, List<Settlement> settlements) {
        RuntimeException failure =
                savepoints.attempt(() -> write(claim, attempts, settlements, true));
        if (failure == null) {
            return new Entered(settlements, List.of());
        }
        if (!RowFault.isPossible(failure)) {
            throw failure;
        }
        Map<Settlement, RuntimeException> blamed = new LinkedHashMap<>();
        blame(claim, settlements, blamed);
        if (blamed.isEmpty() || isOfEverything(blamed, settlements)) {
            throw failure;
        }
        return without(blamed, claim, attempts, settlements);
    }

    /// What is wrong with each of several rows, and not surely with the row, is wrong with the
    /// database. Of one alone nobody can tell: the failure budget ends it when there are many.
    private static boolean isOfEverything(
            Map<Settlement, RuntimeException> blamed, List<Settlement> settlements) {
        return blamed.size() > 1
                && blamed.size() == settlements.size()
                && !blamed.values().stream().allMatch(RowFault::isCertain);
    }

    private void blame(
            long claim, List<Settlement> settlements, Map<Settlement, RuntimeException> blamed) {
        RuntimeException failure =
                settlements.isEmpty()
                        ? null
                        : savepoints.rehearse(() -> write(claim, List.of(), settlements, false));
        if (failure == null) {
            return;
        }
        if (!RowFault.isPossible(failure)) {
            throw failure;
        }
        if (settlements.size() == 1) {
            blamed.put(settlements.getFirst(), failure);
            return;
        }
        int half = settlements.size() / 2;
        blame(claim, settlements.subList(0, half), blamed);
        blame(claim, settlements.subList(half, settlements.size()), blamed);
    }

    private Entered without(
            Map<Settlement, RuntimeException> blamed,
            long claim,
            List<Attempt> attempts,
            List<Settlement> settlements) {
        List<SetAside> aside = new ArrayList<>();
        List<Settlement> rest = new ArrayList<>();
        for (Settlement settlement : settlements) {
            String reason = reason(settlement.change(), blamed);
            if (reason == null) {
                rest.add(settlement);
            } else {
                aside.add(
                        new SetAside(
                                settlement.change(),
                                reason,
                                settlement.attempts() > 0 || settlement.inDoubt()));
            }
        }
        RuntimeException again = savepoints.attempt(() -> write(claim, attempts, rest, true));
        if (again != null) {
            throw again;
        }
        records.setAsides().add(aside);
        aside.forEach(
                row -> LOG.warn("change {} is set aside: {}", row.change().id(), row.reason()));
        return new Entered(rest, aside);
    }

    /// What stands or falls with a row is set aside with it.
    private static @Nullable String reason(
            AttributeChange change, Map<Settlement, RuntimeException> blamed) {
        for (Map.Entry<Settlement, RuntimeException> one : blamed.entrySet()) {
            AttributeChange guilty = one.getKey().change();
            if (guilty.id() == change.id()) {
                return RowFault.inWords(one.getValue(), change);
            }
            if (guilty.standsWith(change)) {
                return SetAside.goesWith(guilty);
            }
        }
        return null;
    }

    private void write(
            long claim, List<Attempt> attempts, List<Settlement> settlements, boolean last) {
        records.queue().behind(lease).settle(claim, settlements);
        if (last) {
            records.intents().close(claim);
        }
        records.trail().append(run, part, claim, attempts, settlements);
    }
}
