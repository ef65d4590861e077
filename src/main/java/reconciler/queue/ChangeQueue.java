package reconciler.queue;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.change.AttributeChange;
import reconciler.change.Participant;
import reconciler.change.ParticipantRole;
import reconciler.change.Provenance;
import reconciler.outcome.Settlement;
import reconciler.partition.Partition;
import reconciler.queue.ClaimedPage.Position;

/// The rows that are owed, and whose turn it is. Every change of state names the state it expects.
public final class ChangeQueue {
    /// Claims are taken one at a time, so that a participant queued under two roles is not claimed
    /// by two partitions at once. The statement below is a walk along two partial indexes; what a
    /// planner without fresh statistics might prefer is switched off for this transaction.
    private static final String ONE_CLAIM_AT_A_TIME =
            """
            SELECT pg_advisory_xact_lock(hashtextextended('reconciler.claim', 0)),
                   set_config('enable_hashjoin', 'off', true),
                   set_config('enable_mergejoin', 'off', true),
                   set_config('enable_seqscan', 'off', true)
            """;

    private static final String CLAIM =
            """
            WITH page AS (
                SELECT c.id, c.conversation_id, c.participant_id, c.attribute_name
                  FROM reconciler.attribute_change c
                 WHERE c.state = 'PENDING'
                   AND c.participant_role = :role
                   AND c.bucket < :toBucket
                   AND (c.bucket, c.participant_id, c.id) > (:bucket::smallint, :participant::uuid, :id)
                   AND c.id <= :horizon
                   AND (c.not_before IS NULL OR c.not_before <= :asOf)
                   AND (c.next_attempt_at IS NULL OR c.next_attempt_at <= :asOf)
                   AND (NOT :approvedOnly OR EXISTS (SELECT FROM reconciler.change_set s
                                                      WHERE s.id = c.change_set_id AND s.approved_by IS NOT NULL))
                   AND NOT EXISTS (SELECT FROM reconciler.attribute_change f
                                    WHERE f.state = 'IN_FLIGHT' AND f.participant_id = c.participant_id)
                 ORDER BY c.bucket, c.participant_id, c.id
                 LIMIT :size
                   FOR UPDATE OF c
            ), key AS (
                SELECT p.conversation_id, p.participant_id, p.attribute_name, max(n.id) AS newest
                  FROM page p
                  JOIN reconciler.attribute_change n
                    ON n.state = 'PENDING'
                   AND n.participant_id = p.participant_id
                   AND n.conversation_id = p.conversation_id
                   AND n.attribute_name = p.attribute_name
                   AND n.id <= :horizon
                   AND (n.not_before IS NULL OR n.not_before <= :asOf)
                   AND (n.next_attempt_at IS NULL OR n.next_attempt_at <= :asOf)
                   AND (:everyRole OR n.participant_role = ANY (:roles))
                   AND (NOT :approvedOnly OR EXISTS (SELECT FROM reconciler.change_set s
                                                      WHERE s.id = n.change_set_id AND s.approved_by IS NOT NULL))
                 GROUP BY p.conversation_id, p.participant_id, p.attribute_name
            ), taken AS (
                SELECT p.id, nullif(k.newest, p.id) AS superseded_by, true AS of_page
                  FROM page p JOIN key k USING (conversation_id, participant_id, attribute_name)
                 UNION ALL
                -- Older ones that are not due yet, or stand under another role, must not come after the newest.
                SELECT o.id, k.newest, false
                  FROM key k
                  JOIN reconciler.attribute_change o
                    ON o.state = 'PENDING'
                   AND o.participant_id = k.participant_id
                   AND o.conversation_id = k.conversation_id
                   AND o.attribute_name = k.attribute_name
                   AND o.id < k.newest
                 WHERE NOT EXISTS (SELECT FROM page p WHERE p.id = o.id)
            ), claimed AS (
                UPDATE reconciler.attribute_change c
                   SET state = 'IN_FLIGHT', claim = :claim
                  FROM taken t
                 WHERE c.id = t.id AND c.state = 'PENDING'
                RETURNING c.id, c.bucket, c.conversation_id, c.participant_id, c.participant_role, c.attribute_name,
                          c.attribute_value, c.change_set_id, c.requested_by, c.apply_by, c.in_doubt, c.attempts,
                          t.superseded_by, t.of_page
            )
            SELECT c.id, c.bucket, c.conversation_id, c.participant_id, c.participant_role, c.attribute_name,
                   c.attribute_value, c.change_set_id, c.requested_by, s.approved_by, c.apply_by, c.in_doubt, c.attempts,
                   c.superseded_by, c.of_page
              FROM claimed c LEFT JOIN reconciler.change_set s ON s.id = c.change_set_id
             ORDER BY c.bucket, c.participant_id, c.id
            """;

    private static final String CLAIM_ONE =
            """
            WITH claimed AS (
                UPDATE reconciler.attribute_change
                   SET state = 'IN_FLIGHT', claim = :claim
                 WHERE id = :id AND state = 'PENDING'
                RETURNING id, bucket, conversation_id, participant_id, participant_role, attribute_name, attribute_value,
                          change_set_id, requested_by, apply_by, in_doubt, attempts
            )
            SELECT c.id, c.bucket, c.conversation_id, c.participant_id, c.participant_role, c.attribute_name,
                   c.attribute_value, c.change_set_id, c.requested_by, s.approved_by, c.apply_by, c.in_doubt, c.attempts,
                   NULL::bigint AS superseded_by, true AS of_page
              FROM claimed c LEFT JOIN reconciler.change_set s ON s.id = c.change_set_id
            """;

    private static final String NEXT_CLAIM = "SELECT nextval('reconciler.claim_seq')";

    private static final String SETTLE =
            """
            UPDATE reconciler.attribute_change c
               SET state           = s.state,
                   attempts        = c.attempts + s.attempts,
                   in_doubt        = s.in_doubt,
                   claim           = NULL,
                   next_attempt_at = CASE WHEN s.defer_micros IS NULL THEN c.next_attempt_at
                                          ELSE clock_timestamp() + s.defer_micros * interval '1 microsecond' END,
                   settled_at      = CASE WHEN s.state = 'PENDING' THEN NULL ELSE clock_timestamp() END
              FROM unnest(:ids::bigint[], :states::text[], :attempts::int[], :inDoubt::boolean[], :defer::bigint[])
                       AS s (id, state, attempts, in_doubt, defer_micros)
             WHERE c.id = s.id AND c.claim = :claim AND c.state = 'IN_FLIGHT'
            """;

    private static final String RECLAIM =
            """
            UPDATE reconciler.attribute_change
               SET state = 'PENDING', claim = NULL, in_doubt = true
             WHERE state = 'IN_FLIGHT'
            """;

    private static final String CANCEL =
            """
            UPDATE reconciler.attribute_change c
               SET state = 'CANCELLED', settled_at = clock_timestamp()
             WHERE c.id = :id AND c.state = 'PENDING'
            RETURNING c.id, c.bucket, c.conversation_id, c.participant_id, c.participant_role, c.attribute_name,
                      c.attribute_value, c.change_set_id, c.requested_by,
                      (SELECT s.approved_by FROM reconciler.change_set s WHERE s.id = c.change_set_id) AS approved_by,
                      c.apply_by, c.in_doubt, c.attempts
            """;

    private static final String READ =
            """
            SELECT c.id, c.bucket, c.conversation_id, c.participant_id, c.participant_role, c.attribute_name,
                   c.attribute_value, c.change_set_id, c.requested_by, s.approved_by, c.apply_by, c.in_doubt, c.attempts
              FROM reconciler.attribute_change c LEFT JOIN reconciler.change_set s ON s.id = c.change_set_id
             WHERE c.id = :id
            """;

    private final JdbcClient jdbc;
    private final TransactionTemplate ownTransaction;

    public ChangeQueue(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
        ownTransaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        ownTransaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    /// Takes the next due rows of a partition: PENDING to IN_FLIGHT, in a transaction of its own
    /// that ends here. Participants that are in flight already are left out. Older changes to an
    /// attribute in the page come along as superseded, whether they are due or not.
    ///
    /// @param after where the last page ended; null for the partition's beginning
    /// @param size the most rows, not counting the older ones that come along
    public ClaimedPage claim(Partition partition, Scope scope, @Nullable Position after, int size) {
        return ownTransaction.execute(_ -> {
            jdbc.sql(ONE_CLAIM_AT_A_TIME).query().singleRow();
            long claim = nextClaim();
            var end = new AtomicReference<@Nullable Position>();
            List<ClaimedPage.Row> rows =
                    jdbc.sql(CLAIM)
                            .param("role", partition.role().name())
                            .param("toBucket", partition.toBucket())
                            .param(
                                    "bucket",
                                    after == null ? partition.fromBucket() : after.bucket())
                            .param(
                                    "participant",
                                    after == null ? new UUID(0, 0) : after.participantId())
                            .param("id", after == null ? 0 : after.id())
                            .param("horizon", scope.horizon())
                            .param("asOf", timestamp(scope.asOf()))
                            .param("everyRole", scope.roles().isEmpty())
                            .param("roles", scope.roleNames())
                            .param("approvedOnly", scope.approvedOnly())
                            .param("size", size)
                            .param("claim", claim)
                            .query((row, _) -> {
                                if (row.getBoolean("of_page")) {
                                    end.set(
                                            new Position(
                                                    row.getInt("bucket"),
                                                    row.getObject("participant_id", UUID.class),
                                                    row.getLong("id")));
                                }
                                return new ClaimedPage.Row(
                                        change(row), row.getObject("superseded_by", Long.class));
                            })
                            .list();
            return new ClaimedPage(claim, rows, end.get());
        });
    }

    /// Takes one pending row by hand, due or not.
    ///
    /// @return null when the row is not PENDING
    public @Nullable ClaimedPage claim(long changeId) {
        return ownTransaction.execute(_ -> {
            jdbc.sql(ONE_CLAIM_AT_A_TIME).query().singleRow();
            long claim = nextClaim();
            List<ClaimedPage.Row> rows =
                    jdbc.sql(CLAIM_ONE)
                            .param("id", changeId)
                            .param("claim", claim)
                            .query((row, _) -> new ClaimedPage.Row(change(row), null))
                            .list();
            return rows.isEmpty() ? null : new ClaimedPage(claim, rows, null);
        });
    }

    /// Writes back what became of a claim's rows, in the caller's transaction.
    ///
    /// @throws ClaimLost when a row is not ours any more: the caller must roll back
    public void settle(long claim, List<Settlement> settlements) {
        var columns = new SettlementColumns(settlements);
        int settled =
                jdbc.sql(SETTLE)
                        .param("ids", columns.ids())
                        .param("states", columns.states())
                        .param("attempts", columns.attempts())
                        .param("inDoubt", columns.inDoubt())
                        .param("defer", columns.deferMicros())
                        .param("claim", claim)
                        .update();
        if (settled != settlements.size()) {
            throw new ClaimLost(claim, settlements.size(), settled);
        }
    }

    /// Puts back what a dead run left IN_FLIGHT. Its requests may have been sent, so each row is in
    /// doubt. Only the holder of the lease may call this.
    ///
    /// @return how many rows
    public int reclaim() {
        return jdbc.sql(RECLAIM).update();
    }

    /// Withdraws one change that is still pending, in the caller's transaction.
    ///
    /// @return the change, for its outcome; null when it is not PENDING
    public @Nullable AttributeChange cancel(long changeId) {
        return jdbc.sql(CANCEL)
                .param("id", changeId)
                .query((row, _) -> change(row))
                .optional()
                .orElse(null);
    }

    /// A change with its value, whatever its state; null when there is none with this id.
    public @Nullable AttributeChange read(long changeId) {
        return jdbc.sql(READ)
                .param("id", changeId)
                .query((row, _) -> change(row))
                .optional()
                .orElse(null);
    }

    private long nextClaim() {
        return jdbc.sql(NEXT_CLAIM).query(Long.class).single();
    }

    static OffsetDateTime timestamp(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static AttributeChange change(ResultSet row) throws SQLException {
        OffsetDateTime applyBy = row.getObject("apply_by", OffsetDateTime.class);
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
                applyBy == null ? null : applyBy.toInstant(),
                row.getBoolean("in_doubt"),
                row.getInt("attempts"));
    }
}
