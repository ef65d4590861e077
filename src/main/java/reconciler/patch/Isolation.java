package reconciler.patch;

import java.util.Deque;
import java.util.List;
import reconciler.change.AttributeChange;
import reconciler.change.ChangeState;
import reconciler.outcome.Complaint;
import reconciler.outcome.Disposition;
import reconciler.outcome.Outcome;

/// Finds the attributes that a refusal is about, so that it costs no others but those of the same
/// atomic group.
final class Isolation {
    private static final Disposition REJECTED = Disposition.Settled.as(ChangeState.REJECTED);

    private final TurnBook book;
    private final Deque<List<AttributeChange>> groups;

    /// @param groups what is still to be sent; halves of a refused group go in front
    Isolation(TurnBook book, Deque<List<AttributeChange>> groups) {
        this.book = book;
        this.groups = groups;
    }

    Next isolate(Outcome outcome, List<AttributeChange> sent) {
        List<Complaint> complaints =
                outcome instanceof Outcome.Refused refused ? refused.complaints() : List.of();
        if (!complaints.isEmpty()) {
            complaints.forEach(complaint -> reject(complaint, outcome, sent));
            complaints.forEach(complaint -> rejectRest(complaint, outcome, sent));
            return Next.AGAIN;
        }
        if (sent.size() == 1 || sent.getFirst().atomicGroup() != null) {
            book.settle(sent, REJECTED, outcome.evidence());
        } else {
            int middle = sent.size() / 2;
            groups.addFirst(sent.subList(middle, sent.size()));
            groups.addFirst(sent.subList(0, middle));
        }
        return Next.DONE;
    }

    private void reject(Complaint complaint, Outcome outcome, List<AttributeChange> sent) {
        book.settle(named(complaint, sent), REJECTED, Findings.of(complaint, outcome.evidence()));
    }

    /// What goes together or not at all is not sent again without what was refused.
    private void rejectRest(Complaint complaint, Outcome outcome, List<AttributeChange> sent) {
        named(complaint, sent)
                .forEach(guilty ->
                        book.settleRest(
                                guilty, REJECTED, Findings.of(complaint, outcome.evidence())));
    }

    private static List<AttributeChange> named(Complaint complaint, List<AttributeChange> sent) {
        return sent.stream().filter(change -> change.name().equals(complaint.attribute())).toList();
    }
}
