package reconciler.patch;

import java.time.Duration;
import java.util.List;
import reconciler.change.AttributeChange;
import reconciler.change.ChangeState;
import reconciler.outcome.ConfirmedBy;
import reconciler.outcome.Disposition;
import reconciler.outcome.Evidence;
import reconciler.outcome.NextStep;
import reconciler.outcome.Outcome;

/// What happens to a success: taken as it is, or, in a sample, looked up. A value may take a moment
/// to show; one that does not show at all is sent again.
final class Confirmation {
    private static final List<Duration> PAUSES =
            List.of(Duration.ofMillis(200), Duration.ofMillis(800), Duration.ofSeconds(2));

    private final Workbench bench;
    private final Lookups lookups;
    private final TurnBook book;
    private final Effort effort;
    private boolean inSample;

    Confirmation(Workbench bench, Lookups lookups, TurnBook book, Effort effort) {
        this.bench = bench;
        this.lookups = lookups;
        this.book = book;
        this.effort = effort;
    }

    Next confirm(Outcome.Applied applied, List<AttributeChange> sent) {
        inSample = inSample || bench.random().nextDouble() < bench.settings().verifySample();
        if (!inSample || !canLook(sent)) {
            book.settle(
                    sent, Disposition.Settled.applied(applied.confirmedBy()), applied.evidence());
        }
        List<AttributeChange> missing = book.owed(sent);
        return missing.isEmpty() ? Next.DONE : notVisible(applied, missing);
    }

    /// Settles what shows; of an atomic group, when all of it does.
    ///
    /// @return false when no look is possible; the API did confirm the values
    private boolean canLook(List<AttributeChange> sent) {
        boolean looked = look(sent);
        for (Duration pause : PAUSES) {
            if (!looked || book.owed(sent).isEmpty()) {
                break;
            }
            looked = bench.line().pause(pause) && look(book.owed(sent));
        }
        return looked;
    }

    private boolean look(List<AttributeChange> changes) {
        Lookups.Seen seen = lookups.glimpse(changes);
        if (seen == null) {
            return false;
        }
        for (List<AttributeChange> group : book.groups(changes)) {
            if (group.stream().allMatch(seen.image()::has)) {
                book.settle(
                        group, Disposition.Settled.applied(ConfirmedBy.READ_BACK), seen.evidence());
            }
        }
        return true;
    }

    private Next notVisible(Outcome.Applied applied, List<AttributeChange> missing) {
        Evidence evidence =
                applied.evidence()
                        .withReason(
                                "not.visible", "confirmed by the API, but a read does not show it");
        book.doubt(missing);
        NextStep step = effort.after(new Outcome.Unknown(null, evidence));
        if (effort.allowsAnotherSend() && step instanceof NextStep.ReadBack(Duration pause)) {
            return Next.againUnlessStopped(bench.line().pause(pause));
        }
        book.settle(missing, Disposition.Settled.as(ChangeState.FAILED), evidence);
        return Next.DONE;
    }
}
