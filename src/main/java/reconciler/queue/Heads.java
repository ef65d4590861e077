package reconciler.queue;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.partition.Partition;
import reconciler.queue.ClaimedPage.Position;

/// The row that a claim would take first. For a claim of one row that fails: that row, or what
/// comes along with it, is to blame.
record Heads(JdbcClient jdbc) {
    private static final String OF_PARTITION =
            DueRows.in(
                    """
                    SELECT c.id
                      FROM reconciler.attribute_change c
                     WHERE c.state = 'PENDING' AND {due}
                       AND c.participant_role = :role
                       AND c.priority >= :atLeast
                       AND (c.apply_by IS NOT NULL) >= :urgent
                       AND c.bucket < :toBucket
                       AND (c.bucket, c.participant_id, c.id) > (:bucket::smallint, :participant::uuid, :id)
                       AND {free}
                     ORDER BY c.bucket, c.participant_id, c.id
                     LIMIT 1
                    """
                            .replace("{free}", Claims.FREE));

    private static final String URGENT =
            DueRows.in(
                    """
                    SELECT c.id
                      FROM reconciler.attribute_change c
                     WHERE c.state = 'PENDING' AND {due} AND c.apply_by >= :from AND c.apply_by <= :by AND {free}
                     ORDER BY c.apply_by, c.id
                     LIMIT 1
                    """
                            .replace("{free}", Claims.FREE));

    /// Null when there is none.
    @Nullable Long ofPartition(
            Partition partition, Scope scope, Rank rank, @Nullable Position after) {
        return DueRows.of(scope, jdbc.sql(OF_PARTITION))
                .param("role", partition.role().name())
                .param("toBucket", partition.toBucket())
                .param("bucket", after == null ? partition.fromBucket() : after.bucket())
                .param("participant", after == null ? new UUID(0, 0) : after.participantId())
                .param("id", after == null ? 0 : after.id())
                .param("atLeast", rank.atLeast())
                .param("urgent", rank.urgent())
                .query(Long.class)
                .optional()
                .orElse(null);
    }

    /// Null when there is none.
    @Nullable Long ofUrgent(Scope scope, @Nullable Instant from, Instant by) {
        return DueRows.of(scope, jdbc.sql(URGENT))
                .param("from", from == null ? Moments.BEFORE_ALL_TIMES : Moments.timestamp(from))
                .param("by", Moments.timestamp(by))
                .query(Long.class)
                .optional()
                .orElse(null);
    }
}
