package reconciler.queue;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reconciler.queue.ClaimedPage.Position;

/// A pending row that is about to be taken.
record Candidate(
        long id,
        int bucket,
        UUID conversation,
        UUID participant,
        String attribute,
        @Nullable Long set,
        @Nullable Long atomicGroup) {
    /// The columns that it is read from.
    static final String COLUMNS =
            "c.id, c.bucket, c.conversation_id, c.participant_id, c.attribute_name, c.change_set_id, c.atomic_group";

    static Candidate of(ResultSet row) throws SQLException {
        return new Candidate(
                row.getLong("id"),
                row.getInt("bucket"),
                row.getObject("conversation_id", UUID.class),
                row.getObject("participant_id", UUID.class),
                row.getString("attribute_name"),
                row.getObject("change_set_id", Long.class),
                row.getObject("atomic_group", Long.class));
    }

    /// One attribute of one participant: of its rows the newest wins.
    record Key(UUID conversation, UUID participant, String attribute) {}

    Key key() {
        return new Key(conversation, participant, attribute);
    }

    /// What is taken together or not at all; null where the row stands alone.
    @Nullable Group group() {
        return set == null || atomicGroup == null
                ? null
                : new Group(bucket, conversation, participant, set, atomicGroup);
    }

    record Group(int bucket, UUID conversation, UUID participant, long set, long number) {}

    Position position() {
        return new Position(bucket, participant, id);
    }
}
