package reconciler.change;

import java.util.HashSet;
import java.util.List;

/// What one participant is owed: one PATCH carries all of it. Never empty; one participant, one
/// role, each attribute once.
public record ParticipantChanges(List<AttributeChange> changes) {
    public ParticipantChanges {
        changes = List.copyOf(changes);
        var names = new HashSet<String>();
        for (AttributeChange change : changes) {
            if (!change.participant().equals(changes.getFirst().participant())
                    || !change.role().equals(changes.getFirst().role())
                    || !names.add(change.name())) {
                throw new IllegalArgumentException(
                        "not coalescable with the changes before it: " + change);
            }
        }
        if (changes.isEmpty()) {
            throw new IllegalArgumentException("no changes");
        }
    }

    public Participant participant() {
        return changes.getFirst().participant();
    }

    public ParticipantRole role() {
        return changes.getFirst().role();
    }
}
