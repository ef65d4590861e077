package reconciler.queue;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reconciler.change.AttributeChange;
import reconciler.change.Commitment;

/// Rows that are IN_FLIGHT under one claim.
///
/// @param rows participants together, oldest first
/// @param end where the next page of the partition begins; null when no row was found
public record ClaimedPage(long claim, List<Row> rows, @Nullable Position end) {
    public ClaimedPage {
        rows = List.copyOf(rows);
    }

    /// @param supersededBy the newest change to the same attribute, where there is one; the row
    ///   itself must not be sent
    /// @param foreseen what its plan saw: it must be sent only where that is still so; null when no
    ///   plan binds it
    public record Row(
            AttributeChange change, @Nullable Long supersededBy, @Nullable Commitment foreseen) {}

    /// A place in a partition's order.
    public record Position(int bucket, UUID participantId, long id) {}
}
