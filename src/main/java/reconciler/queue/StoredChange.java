package reconciler.queue;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import reconciler.change.AttributeChange;
import reconciler.change.Participant;
import reconciler.change.ParticipantRole;
import reconciler.change.Provenance;

/// A row of attribute_change, with the approval of its set, as a change.
final class StoredChange {
    private StoredChange() {}

    static AttributeChange of(ResultSet row) throws SQLException {
        return new AttributeChange(
                row.getLong("id"),
                new Participant(
                        row.getObject("conversation_id", UUID.class),
                        row.getObject("participant_id", UUID.class)),
                new ParticipantRole(row.getString("participant_role")),
                row.getString("attribute_name"),
                row.getString("attribute_value"),
                new Provenance(
                        row.getObject("change_set_id", Long.class),
                        row.getString("requested_by"),
                        row.getString("approved_by")),
                row.getObject("atomic_group", Long.class),
                Moments.instantOrNull(row, "apply_by"),
                row.getBoolean("in_doubt"),
                row.getInt("attempts"));
    }
}
