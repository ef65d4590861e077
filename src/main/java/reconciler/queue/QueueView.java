package reconciler.queue;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.change.ChangeState;
import reconciler.change.Participant;
import reconciler.change.ParticipantRole;

/// Questions about the queue; changes nothing.
public final class QueueView {
    private static final String IN_FLIGHT =
            "SELECT count(*) FROM reconciler.attribute_change WHERE state = 'IN_FLIGHT'";

    private static final String BY_ROLE_AND_STATE =
            """
            SELECT participant_role, state, count(*) AS rows, min(created_at) AS oldest
              FROM reconciler.attribute_change
             WHERE state IN ('PENDING', 'IN_FLIGHT')
             GROUP BY participant_role, state
             ORDER BY participant_role, state DESC
            """;

    private static final String ONE =
            """
            SELECT id, conversation_id, participant_id, participant_role, attribute_name, requested_by, change_set_id,
                   created_at, not_before, apply_by, state, attempts, next_attempt_at, in_doubt, settled_at
              FROM reconciler.attribute_change
             WHERE id = :id
            """;

    private static final String GROUP =
            "SELECT g.id FROM reconciler.atomic_group_of(:id) AS g (id) WHERE g.id <> :id ORDER BY g.id";

    private final JdbcClient jdbc;

    public QueueView(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
    }

    /// Rows of one role that wait or are under way.
    public record Depth(ParticipantRole role, ChangeState state, long rows, Instant oldest) {}

    /// A row without its value.
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
            @Nullable Instant settledAt) {}

    /// Rows that are under way.
    public long inFlight() {
        return jdbc.sql(IN_FLIGHT).query(Long.class).single();
    }

    /// What waits and what is under way.
    public List<Depth> depths() {
        return jdbc.sql(BY_ROLE_AND_STATE)
                .query((row, _) ->
                        new Depth(
                                new ParticipantRole(row.getString("participant_role")),
                                ChangeState.valueOf(row.getString("state")),
                                row.getLong("rows"),
                                Moments.instant(row, "oldest")))
                .list();
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
                                Moments.instantOrNull(row, "settled_at")))
                .optional()
                .orElse(null);
    }
}
