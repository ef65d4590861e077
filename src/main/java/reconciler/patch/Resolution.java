package reconciler.patch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reconciler.change.AttributeChange;
import reconciler.change.ChangeState;
import reconciler.outcome.Attempt;
import reconciler.outcome.Disposition;
import reconciler.outcome.Evidence;
import reconciler.outcome.Settlement;

/// What became of superseded changes in doubt, before anything newer is sent: waits until their
/// requests are over, reads the participant, and settles them with what was found.
final class Resolution {
    private final Workbench bench;
    private final TurnBook book;
    private final Effort effort;
    private final Predecessors older;
    private final List<Settlement> settlements = new ArrayList<>();
    private Lookups.@Nullable Seen seen;

    Resolution(Workbench bench, TurnBook book, Effort effort, Predecessors older) {
        this.bench = bench;
        this.book = book;
        this.effort = effort;
        this.older = older;
    }

    /// @return STOP when nothing newer may be sent now; what is owed is released then, or put off
    Next resolve() {
        if (older.isEmpty()) {
            return Next.DONE;
        }
        Reading reading =
                bench.line().pause(older.pause())
                        ? bench.reads().read(Attempt.Purpose.READ_BACK, older.rows(), book, effort)
                        : new Reading.Withheld();
        return switch (reading) {
            case Reading.Found(Conversation conversation, Evidence evidence) -> {
                found(conversation, evidence);
                yield Next.DONE;
            }
            case Reading.Unreachable(Evidence evidence) -> unread(evidence);
            case Reading.Failed(Evidence evidence) -> unread(evidence);
            case Reading.Postponed(var pause, Evidence evidence) -> {
                var later = new Disposition.Deferred(pause);
                settleAll(later, _ -> evidence);
                book.settle(book.owed(), later, evidence);
                yield Next.STOP;
            }
            case Reading.Withheld _ -> {
                settleAll(new Disposition.Released(), _ -> Evidence.NONE);
                yield Next.STOP;
            }
        };
    }

    /// As the participant was then; null when it was not seen.
    Lookups.@Nullable Seen seen() {
        return seen;
    }

    List<Settlement> settlements() {
        return settlements;
    }

    private void found(Conversation conversation, Evidence evidence) {
        Conversation.Image image =
                conversation
                        .participants()
                        .get(older.rows().getFirst().participant().participantId());
        seen = image == null ? null : new Lookups.Seen(image, evidence);
        settleAll(
                Disposition.Settled.as(ChangeState.SUPERSEDED),
                row ->
                        superseded(
                                row,
                                evidence,
                                image != null && image.has(row.change())
                                        ? "a read found its value"
                                        : "a read did not find its value"));
    }

    /// Its request is over all the same: the newer one may go.
    private Next unread(Evidence evidence) {
        settleAll(
                Disposition.Settled.as(ChangeState.SUPERSEDED),
                row -> superseded(row, evidence, "the participant could not be read"));
        return Next.DONE;
    }

    private static Evidence superseded(
            Predecessors.Superseded row, Evidence evidence, String found) {
        return evidence.withReason(
                "superseded", "change " + row.by() + " is newer; it was in doubt, and " + found);
    }

    private void settleAll(
            Disposition disposition, Function<Predecessors.Superseded, Evidence> evidence) {
        for (Predecessors.Superseded row : older.changes()) {
            AttributeChange change = row.change();
            settlements.add(
                    new Settlement(
                            change,
                            disposition,
                            0,
                            change.inDoubt(),
                            evidence.apply(row),
                            null,
                            null));
        }
    }
}
