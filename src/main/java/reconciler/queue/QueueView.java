package reconciler.queue;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.change.ChangeState;
import reconciler.change.Lane;
import reconciler.change.Participant;
import reconciler.change.ParticipantRole;

/// Questions about the queue; changes nothing.
public final class QueueView {
    private static final String IN_FLIGHT =
            DueRows.in(
                    "SELECT count(*) FROM {in_flight} AS c WHERE (c.claim < 0) = :express AND "
                            + SetAsides.NOT_ITSELF);

    private static final String ONE =
            """
            SELECT c.id, c.conversation_id, c.participant_id, c.participant_role, c.attribute_name, c.requested_by,
                   c.change_set_id, c.created_at, c.not_before, c.apply_by, c.state, c.attempts, c.next_attempt_at, c.in_doubt,
                   c.settled_at, c.redrives,
                   (SELECT r.id FROM reconciler.attribute_change r WHERE r.redrives = c.id) AS redriven_by
              FROM reconciler.attribute_change c
             WHERE c.id = :id
            """;

    private static final String OF_PARTICIPANT =
            """
            SELECT c.id
              FROM unnest(ARRAY[:participant::uuid]) AS p (id)
             CROSS JOIN LATERAL (
                   (SELECT a.id
                      FROM reconciler.attribute_change a
                     WHERE a.state = 'PENDING' AND a.participant_id = p.id
                       AND a.bucket >= (uuid_hash_extended(p.id, 0) & 1023) AND a.bucket <= (uuid_hash_extended(p.id, 0) & 1023)
                    OFFSET 0)
                    UNION
                   (SELECT a.id
                      FROM reconciler.attribute_change a
                     WHERE a.state = 'IN_FLIGHT' AND a.participant_id >= p.id AND a.participant_id <= p.id
                    OFFSET 0)
                    UNION
                   (SELECT o.change_id
                      FROM audit.outcome o
                     WHERE o.participant_id >= p.id AND o.participant_id <= p.id
                    OFFSET 0)) AS c
             ORDER BY c.id
            """;

    private static final String GROUP =
            "SELECT g.id FROM reconciler.atomic_group_of(:id) AS g (id) WHERE g.id <> :id ORDER BY g.id";

    private final JdbcClient jdbc;

    public QueueView(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
    }

    /// A row without its value.
    ///
    /// @param redrives the settled row that this one tries again
    /// @param redrivenBy the row that tries this one again
    public record ChangeRow(
            long id,
            Participant participant,
            ParticipantRole role,
            String attribute,
            String requestedBy,
            @Nullable Long changeSetId,
            Instant createdAt,
            @Nullable Instant notBefore,
            @Nullable Instant applyBy,
            ChangeState state,
            int attempts,
            @Nullable Instant nextAttemptAt,
            boolean inDoubt,
            @Nullable Instant settledAt,
            @Nullable Long redrives,
            @Nullable Long redrivenBy) {}

    /// Rows that are under way in a lane; what is set aside is not.
    public long inFlight(Lane lane) {
        return jdbc.sql(IN_FLIGHT).param("express", lane.isExpress()).query(Long.class).single();
    }

    /// The other changes that are applied with this one or not at all.
    public List<Long> standingWith(long id) {
        return jdbc.sql(GROUP).param("id", id).query((row, _) -> row.getLong("id")).list();
    }

    /// One row; null when there is none with this id.
    public @Nullable ChangeRow find(long id) {
        return jdbc.sql(ONE)
                .param("id", id)
                .query((row, _) ->
                        new ChangeRow(
                                row.getLong("id"),
                                new Participant(
                                        row.getObject("conversation_id", UUID.class),
                                        row.getObject("participant_id", UUID.class)),
                                new ParticipantRole(row.getString("participant_role")),
                                row.getString("attribute_name"),
                                row.getString("requested_by"),
                                row.getObject("change_set_id", Long.class),
                                Moments.instant(row, "created_at"),
                                Moments.instantOrNull(row, "not_before"),
                                Moments.instantOrNull(row, "apply_by"),
                                ChangeState.valueOf(row.getString("state")),
                                row.getInt("attempts"),
                                Moments.instantOrNull(row, "next_attempt_at"),
                                row.getBoolean("in_doubt"),
                                Moments.instantOrNull(row, "settled_at"),
                                row.getObject("redrives", Long.class),
                                row.getObject("redriven_by", Long.class)))
                .optional()
                .orElse(null);
    }

    /// The ids of all changes that were ever asked for one participant, in order.
    public List<Long> ofParticipant(UUID participant) {
        return jdbc.sql(OF_PARTICIPANT)
                .param("participant", participant)
                .query((row, _) -> row.getLong("id"))
                .list();
    }
}
