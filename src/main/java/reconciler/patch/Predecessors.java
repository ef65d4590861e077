package reconciler.patch;

import java.time.Duration;
import java.util.List;
import reconciler.change.AttributeChange;

/// Older changes of a participant that newer ones take the place of, and for which a request may
/// have been sent: it may still be on its way, and must not land after the newer one's.
///
/// @param changes in doubt, and not to be sent any more
/// @param pause until none of their requests can be on its way
public record Predecessors(List<Superseded> changes, Duration pause) {
    static final Predecessors NONE = new Predecessors(List.of(), Duration.ZERO);

    /// @param by the newer change
    public record Superseded(AttributeChange change, long by) {}

    public Predecessors {
        changes = List.copyOf(changes);
    }

    boolean isEmpty() {
        return changes.isEmpty();
    }

    List<AttributeChange> rows() {
        return changes.stream().map(Superseded::change).toList();
    }
}
