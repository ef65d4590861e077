package reconciler.run;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import reconciler.change.ChangeState;
import reconciler.change.ParticipantRole;
import reconciler.outcome.Disposition;
import reconciler.outcome.Settlement;

/// What a run has settled so far, by role. Counts only what was committed.
public final class Tally {
    private final Map<ParticipantRole, Counts> roles =
            new TreeMap<>(Comparator.comparing(ParticipantRole::name));

    /// Rows that went back unsent and have not been taken again since.
    private final Set<Long> released = new HashSet<>();

    /// One role, or all of them.
    ///
    /// @param deferred back to PENDING, due later
    /// @param released back to PENDING, unsent, and not taken again by this run
    public record Counts(
            long planned, Map<ChangeState, Long> settled, long deferred, long released) {
        static final Counts NONE = new Counts(0, Map.of(), 0, 0);

        public Counts {
            settled = Map.copyOf(settled);
        }

        public long of(ChangeState state) {
            return settled.getOrDefault(state, 0L);
        }

        /// Rows that have their terminal state.
        public long done() {
            return settled.values().stream().mapToLong(Long::longValue).sum();
        }

        /// Rows that somebody asked for and that are not in force.
        public long notApplied() {
            return settled.entrySet().stream()
                    .filter(entry -> entry.getKey().isNotApplied())
                    .mapToLong(Map.Entry::getValue)
                    .sum();
        }

        Counts plus(Counts other) {
            var sum = new EnumMap<ChangeState, Long>(ChangeState.class);
            sum.putAll(settled);
            other.settled.forEach((state, rows) -> sum.merge(state, rows, Long::sum));
            return new Counts(
                    planned + other.planned,
                    sum,
                    deferred + other.deferred,
                    released + other.released);
        }

        /// A row that had gone back was taken again, and is counted as what became of it.
        private static final Counts TAKEN_AGAIN = new Counts(0, Map.of(), 0, -1);

        static Counts of(Settlement settlement) {
            return switch (settlement.disposition()) {
                case Disposition.Settled end -> new Counts(0, Map.of(end.state(), 1L), 0, 0);
                case Disposition.Deferred _ -> new Counts(0, Map.of(), 1, 0);
                case Disposition.Released _ -> new Counts(0, Map.of(), 0, 1);
            };
        }
    }

    Tally(Map<ParticipantRole, Long> planned) {
        planned.forEach((role, rows) -> roles.put(role, new Counts(rows, Map.of(), 0, 0)));
    }

    /// Adds a page's settlements.
    synchronized void add(List<Settlement> settlements) {
        for (Settlement settlement : settlements) {
            ParticipantRole role = settlement.change().role();
            if (released.remove(settlement.change().id())) {
                roles.merge(role, Counts.TAKEN_AGAIN, Counts::plus);
            }
            if (settlement.disposition() instanceof Disposition.Released) {
                released.add(settlement.change().id());
            }
            roles.merge(role, Counts.of(settlement), Counts::plus);
        }
    }

    public synchronized Map<ParticipantRole, Counts> byRole() {
        var copy =
                new TreeMap<ParticipantRole, Counts>(Comparator.comparing(ParticipantRole::name));
        copy.putAll(roles);
        return copy;
    }

    public synchronized Counts total() {
        return roles.values().stream().reduce(Counts.NONE, Counts::plus);
    }
}
