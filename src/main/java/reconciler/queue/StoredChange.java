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
    /// What waited when the database failed over is in doubt too: reconciler.server_history.
    private static final String COLUMNS =
            """
            c.id, c.bucket, c.conversation_id, c.participant_id, c.participant_role, c.attribute_name, c.attribute_value,
            c.change_set_id, c.requested_by, c.atomic_group, c.apply_by, c.attempts,
            c.in_doubt OR c.id <= (SELECT max(h.doubtful_until) FROM reconciler.server_history h) AS in_doubt\
            """;

    /// One that has lapsed is nobody's agreement any more. Without an end it is older than plans,
    /// and holds for nothing either, as reconciler.is_approved() has it.
    private static final String APPROVER =
            "CASE WHEN s.approved_until > now() THEN s.approved_by END";

    private StoredChange() {}

    /// The statement with what [#of] reads spelled out: `{columns}` of the row that it calls `c`,
    /// and `{approver}` of the set that it calls `s`, to be named `approved_by`.
    static String in(String statement) {
        return statement.replace("{columns}", COLUMNS).replace("{approver}", APPROVER);
    }

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
