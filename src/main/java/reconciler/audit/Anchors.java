package reconciler.audit;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Heads that were kept where nobody who can write to the database could change them.
final class Anchors {
    private final TreeMap<Long, Head> waiting = new TreeMap<>();

    Anchors(List<Head> anchors) {
        anchors.stream()
                .filter(anchor -> anchor.number() > 0)
                .forEach(anchor -> waiting.put(anchor.number(), anchor));
    }

    /// Holds a seal of the journal against the anchor of its number, if there is one.
    void pass(long number, String hash, Faults faults) {
        // Anchors from before the first seal looked at cannot be checked.
        waiting.headMap(number).clear();
        Head anchor = waiting.remove(number);
        if (anchor != null && !anchor.hash().equals(hash)) {
            faults.add(
                    "number "
                            + number
                            + " of the journal is not what the anchor of "
                            + anchor.sealedAt()
                            + " says: the journal was rewritten at or before it");
        }
    }

    /// Anchors of seals that are not there.
    void end(long last, Faults faults) {
        for (Map.Entry<Long, Head> missing : waiting.entrySet()) {
            faults.add(
                    "the journal ends at number "
                            + last
                            + ", but the anchor of "
                            + missing.getValue().sealedAt()
                            + " knows number "
                            + missing.getKey()
                            + ": the end was cut off");
        }
    }
}
