package reconciler.plan;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reconciler.patch.Sight;

/// What taking a change set back would do, gathered row by row.
final class UndoFindings {
    /// The API has no request that removes an attribute: what did not exist before is emptied.
    private static final String NOTHING = "";

    private final Map<UndoVerdict, Long> counts = new EnumMap<>(UndoVerdict.class);
    private final Groups<UndoVerdict> groups = new Groups<>();
    private final List<Long> changes = new ArrayList<>();
    private final List<Judged> conversation = new ArrayList<>();
    private long emptied;

    /// A row of the conversation that is being looked at.
    private record Judged(
            InForce row, UndoVerdict verdict, @Nullable String now, @Nullable String before) {
        String target() {
            return UndoFindings.target(before);
        }

        /// Without the values.
        @Override
        public String toString() {
            return row + ": " + verdict;
        }

        /// Whether it cannot be taken back although it would have to be, for the rest of its atomic
        /// group to be.
        boolean holdsBack(Judged other) {
            return row.atomicGroup() != null
                    && row.atomicGroup().equals(other.row.atomicGroup())
                    && row.participant().equals(other.row.participant())
                    && verdict != UndoVerdict.TAKEN_BACK
                    && verdict != UndoVerdict.ALREADY;
        }
    }

    static boolean isWorthALook(InForce row) {
        return row.replacedBy() == null
                && row.value() != null
                && row.before() instanceof InForce.Before.Known;
    }

    /// Rows of one conversation come one after another.
    void add(InForce row, Sight sight) {
        @Nullable String before =
                row.before() instanceof InForce.Before.Known(String value) ? value : null;
        @Nullable String now = now(row, sight);
        if (!conversation.isEmpty()
                && !conversation
                        .getFirst()
                        .row()
                        .participant()
                        .conversationId()
                        .equals(row.participant().conversationId())) {
            closeConversation();
        }
        conversation.add(new Judged(row, verdict(row, sight, target(before), now), now, before));
    }

    private static String target(@Nullable String before) {
        return before == null ? NOTHING : before;
    }

    /// What goes together or not at all is taken back together or not at all.
    private void closeConversation() {
        for (Judged one : conversation) {
            count(
                    one,
                    one.verdict() == UndoVerdict.TAKEN_BACK
                                    && conversation.stream().anyMatch(other -> other.holdsBack(one))
                            ? UndoVerdict.WITH_ANOTHER
                            : one.verdict());
        }
        conversation.clear();
    }

    private void count(Judged one, UndoVerdict verdict) {
        InForce row = one.row();
        counts.merge(verdict, 1L, Long::sum);
        groups.add(
                new Groups.Kind<>(
                        verdict, row.role().name(), row.attribute(), one.now(), one.target()));
        if (verdict == UndoVerdict.TAKEN_BACK) {
            changes.add(row.change());
            emptied += one.before() == null ? 1 : 0;
        }
    }

    private static @Nullable String now(InForce row, Sight sight) {
        Sight.Person person =
                sight instanceof Sight.Seen(var participants, _)
                        ? participants.get(row.participant().participantId())
                        : null;
        return person == null ? null : person.valueOf(row.attribute());
    }

    private static UndoVerdict verdict(
            InForce row, Sight sight, String target, @Nullable String now) {
        if (row.replacedBy() != null) {
            return UndoVerdict.REPLACED;
        }
        if (row.value() == null || row.before() instanceof InForce.Before.Unknown) {
            return UndoVerdict.UNKNOWN;
        }
        return switch (sight) {
            case Sight.Seen(var participants, _) -> {
                if (!participants.containsKey(row.participant().participantId())) {
                    yield UndoVerdict.GONE;
                }
                if (target.equals(now == null ? NOTHING : now)) {
                    yield UndoVerdict.ALREADY;
                }
                yield row.value().equals(now) ? UndoVerdict.TAKEN_BACK : UndoVerdict.CHANGED_SINCE;
            }
            case Sight.Gone _ -> UndoVerdict.GONE;
            case Sight.Unreadable _, Sight.Withheld _ -> UndoVerdict.UNREADABLE;
        };
    }

    /// @throws Refusal when nothing of the set can be taken back
    Undo.Report report(long set) {
        closeConversation();
        long rows = counts.values().stream().mapToLong(Long::longValue).sum();
        if (rows == 0) {
            throw new Refusal(
                    "nothing of change set " + set + " was applied: there is nothing to undo");
        }
        if (counts.getOrDefault(UndoVerdict.UNKNOWN, 0L) == rows) {
            throw new Refusal(
                    "what was there before change set "
                            + set
                            + " is not known, since it was not read (before-image: off) or was erased: queue the values that"
                            + " are wanted as a change set of their own");
        }
        return new Undo.Report(set, counts, groups.inOrder(), groups.others(), changes, emptied);
    }
}
