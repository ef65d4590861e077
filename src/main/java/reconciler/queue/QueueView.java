package reconciler.queue;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.change.ChangeState;
import reconciler.change.Participant;
import reconciler.change.ParticipantRole;
import reconciler.partition.Partition;

/// Questions about the queue; changes nothing.
public final class QueueView {
    private static final String NOW =
            "SELECT coalesce(max(id), 0) AS horizon, clock_timestamp() AS as_of FROM reconciler.attribute_change";

    private static final String DUE_BY_ROLE =
            """
            SELECT c.participant_role, count(*) AS rows
              FROM reconciler.attribute_change c
             WHERE c.state = 'PENDING'
               AND c.id <= :horizon
               AND (:everyRole OR c.participant_role = ANY (:roles))
               AND (c.not_before IS NULL OR c.not_before <= :asOf)
               AND (c.next_attempt_at IS NULL OR c.next_attempt_at <= :asOf)
               AND (NOT :approvedOnly OR EXISTS (SELECT FROM reconciler.change_set s
                                                  WHERE s.id = c.change_set_id AND s.approved_by IS NOT NULL))
             GROUP BY c.participant_role
             ORDER BY c.participant_role
            """;

    private static final String FORECAST_BY_ROLE =
            """
            WITH due AS (
                SELECT c.participant_role, c.conversation_id, c.participant_id, c.attribute_name, c.id, c.apply_by,
                       max(c.id) OVER (PARTITION BY c.conversation_id, c.participant_id, c.attribute_name) AS newest
                  FROM reconciler.attribute_change c
                 WHERE c.state = 'PENDING'
                   AND c.id <= :horizon
                   AND (:everyRole OR c.participant_role = ANY (:roles))
                   AND (c.not_before IS NULL OR c.not_before <= :asOf)
                   AND (c.next_attempt_at IS NULL OR c.next_attempt_at <= :asOf)
                   AND (NOT :approvedOnly OR EXISTS (SELECT FROM reconciler.change_set s
                                                      WHERE s.id = c.change_set_id AND s.approved_by IS NOT NULL))
            ), judged AS (
                SELECT participant_role, conversation_id, participant_id,
                       id < newest AS superseded,
                       id = newest AND apply_by IS NOT NULL AND apply_by <= :asOf AS expired
                  FROM due
            )
            SELECT participant_role, count(*) AS rows,
                   count(*) FILTER (WHERE superseded) AS superseded,
                   count(*) FILTER (WHERE expired) AS expired,
                   count(DISTINCT (conversation_id, participant_id)) FILTER (WHERE NOT superseded AND NOT expired)
                       AS participants,
                   count(DISTINCT conversation_id) FILTER (WHERE NOT superseded AND NOT expired) AS conversations
              FROM judged
             GROUP BY participant_role
             ORDER BY participant_role
            """;

    private static final String IN_FLIGHT =
            "SELECT count(*) FROM reconciler.attribute_change WHERE state = 'IN_FLIGHT'";

    private static final String CANCELLED_SINCE =
            """
            SELECT count(*) FROM reconciler.attribute_change
             WHERE state = 'CANCELLED' AND id <= :horizon AND settled_at >= :asOf
            """;

    private static final String STILL_DUE =
            """
            SELECT EXISTS (
                SELECT FROM reconciler.attribute_change c
                 WHERE c.state = 'PENDING'
                   AND c.participant_role = :role
                   AND c.bucket >= :fromBucket AND c.bucket < :toBucket
                   AND c.id <= :horizon
                   AND (c.not_before IS NULL OR c.not_before <= :asOf)
                   AND (c.next_attempt_at IS NULL OR c.next_attempt_at <= :asOf)
                   AND (NOT :approvedOnly OR EXISTS (SELECT FROM reconciler.change_set s
                                                      WHERE s.id = c.change_set_id AND s.approved_by IS NOT NULL)))
            """;

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

    private final JdbcClient jdbc;
    private final TransactionTemplate ownTransaction;

    public QueueView(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
        ownTransaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        ownTransaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    /// Rows of one role that wait or are under way.
    public record Depth(ParticipantRole role, ChangeState state, long rows, Instant oldest) {}

    /// What a run over a scope would do, one role.
    public record Forecast(
            ParticipantRole role,
            long rows,
            long superseded,
            long expired,
            long participants,
            long conversations) {}

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

    /// The scope of a run that begins now, by the database's clock.
    public Scope scopeNow(Set<ParticipantRole> roles, boolean approvedOnly) {
        return jdbc.sql(NOW)
                .query((row, _) ->
                        new Scope(
                                roles, approvedOnly, row.getLong("horizon"), instant(row, "as_of")))
                .single();
    }

    /// How many rows of each role are due.
    public Map<ParticipantRole, Long> due(Scope scope) {
        var rows =
                new TreeMap<ParticipantRole, Long>(
                        java.util.Comparator.comparing(ParticipantRole::name));
        scoped(DUE_BY_ROLE, scope)
                .query(row -> {
                    rows.put(
                            new ParticipantRole(row.getString("participant_role")),
                            row.getLong("rows"));
                });
        return rows;
    }

    /// What a run would do with what is due.
    public List<Forecast> forecast(Scope scope) {
        return scoped(FORECAST_BY_ROLE, scope)
                .query((row, _) ->
                        new Forecast(
                                new ParticipantRole(row.getString("participant_role")),
                                row.getLong("rows"),
                                row.getLong("superseded"),
                                row.getLong("expired"),
                                row.getLong("participants"),
                                row.getLong("conversations")))
                .list();
    }

    /// Whether the partition has a due row, claimable at this moment or not. In a transaction of
    /// its own: a caller whose transaction holds no connection yet does not hold one after it.
    public boolean isStillDue(Partition partition, Scope scope) {
        return ownTransaction.execute(_ ->
                scoped(STILL_DUE, scope)
                        .param("role", partition.role().name())
                        .param("fromBucket", partition.fromBucket())
                        .param("toBucket", partition.toBucket())
                        .query(Boolean.class)
                        .single());
    }

    /// Rows that are under way.
    public long inFlight() {
        return jdbc.sql(IN_FLIGHT).query(Long.class).single();
    }

    /// Rows of the scope that people withdrew since the run began.
    public long cancelledSince(Scope scope) {
        return jdbc.sql(CANCELLED_SINCE)
                .param("horizon", scope.horizon())
                .param("asOf", ChangeQueue.timestamp(scope.asOf()))
                .query(Long.class)
                .single();
    }

    /// What waits and what is under way.
    public List<Depth> depths() {
        return jdbc.sql(BY_ROLE_AND_STATE)
                .query((row, _) ->
                        new Depth(
                                new ParticipantRole(row.getString("participant_role")),
                                ChangeState.valueOf(row.getString("state")),
                                row.getLong("rows"),
                                instant(row, "oldest")))
                .list();
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
                                instant(row, "created_at"),
                                instantOrNull(row, "not_before"),
                                instantOrNull(row, "apply_by"),
                                ChangeState.valueOf(row.getString("state")),
                                row.getInt("attempts"),
                                instantOrNull(row, "next_attempt_at"),
                                row.getBoolean("in_doubt"),
                                instantOrNull(row, "settled_at")))
                .optional()
                .orElse(null);
    }

    private JdbcClient.StatementSpec scoped(String sql, Scope scope) {
        return jdbc.sql(sql)
                .param("horizon", scope.horizon())
                .param("asOf", ChangeQueue.timestamp(scope.asOf()))
                .param("everyRole", scope.roles().isEmpty())
                .param("roles", scope.roleNames())
                .param("approvedOnly", scope.approvedOnly());
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant instantOrNull(ResultSet row, String column)
            throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
