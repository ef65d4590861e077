package reconciler.audit;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;

/// Heads that were kept where nobody who can write to the database could change them. Each of them
/// counts: one that was kept later does not replace one of the same number.
final class Anchors {
    /// In the order of the journal.
    private final ArrayDeque<Head> waiting;

    /// Whether what comes now may be held against the journal.
    private boolean begun;

    private int compared;
    private int older;

    /// @param fromTheBeginning false when earlier seals are not looked at
    Anchors(List<Head> anchors, boolean fromTheBeginning) {
        waiting =
                new ArrayDeque<>(
                        anchors.stream().sorted(Comparator.comparingLong(Head::number)).toList());
        begun = fromTheBeginning;
    }

    /// How many were held against the journal.
    int compared() {
        return compared;
    }

    /// How many are from before the first seal looked at, of which nothing can be said.
    int older() {
        return older;
    }

    /// Holds a seal of the journal against the anchors of its number, if there are any.
    void pass(long number, String hash, Faults faults) {
        passBy(number);
        begun = true;
        while (!waiting.isEmpty() && waiting.element().number() == number) {
            Head anchor = waiting.remove();
            compared++;
            if (!anchor.hash().equals(hash)) {
                faults.add(
                        "number "
                                + number
                                + " of the journal is not what the anchor of "
                                + anchor.sealedAt()
                                + " says: the journal was rewritten at or before it");
            }
        }
    }

    /// Anchors of seals beyond the last one there is.
    void end(long last, Faults faults) {
        passBy(last + 1);
        for (Head missing : waiting) {
            compared++;
            faults.add(
                    "the journal ends at number "
                            + last
                            + ", but the anchor of "
                            + missing.sealedAt()
                            + " knows number "
                            + missing.number()
                            + ": the end was cut off");
        }
    }

    /// Within what is looked at, a number that the journal lacks is told of by its chain; 0 is that
    /// of no seal at all, with which every journal began.
    private void passBy(long number) {
        while (!waiting.isEmpty() && waiting.element().number() < number) {
            waiting.remove();
            if (begun) {
                compared++;
            } else {
                older++;
            }
        }
    }
}
