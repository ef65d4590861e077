package reconciler.queue;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.change.AttributeChange;

/// Takes back what is still pending: PENDING to CANCELLED, in the caller's transaction.
record Withdrawals(JdbcClient jdbc) {
    /// Values are held until their outcomes are written.
    private static final int ENOUGH_BYTES = 8_000_000;

    /// PENDING is said without its name, so that no index is walked from end to end for it.
    private static final String CANCEL =
            StoredChange.in(
                    """
                    UPDATE reconciler.attribute_change c
                       SET state = 'CANCELLED', settled_at = clock_timestamp()
                      FROM (SELECT :id::bigint AS id UNION SELECT g.id FROM reconciler.atomic_group_of(:id) AS g (id)) AS w
                     WHERE c.id = ANY (ARRAY[w.id]) AND c.claim IS NULL AND c.settled_at IS NULL
                       AND (SELECT o.claim IS NULL AND o.settled_at IS NULL
                              FROM reconciler.attribute_change o WHERE o.id = :id)
                    RETURNING {columns},
                              (SELECT {approver} FROM reconciler.change_set s WHERE s.id = c.change_set_id) AS approved_by
                    """);

    /// A claim that has locked some of these rows could wait for others of them, and we for it.
    private static final String NO_CLAIM_MEANWHILE = ClaimLock.TAKE;

    private static final String CANCEL_SOME =
            StoredChange.in(
                    """
                    WITH first AS MATERIALIZED (
                        SELECT p.id, p.atomic_group
                          FROM (SELECT w.id, w.atomic_group,
                                       sum(w.bytes) OVER (ORDER BY w.change_set_id, w.id) - w.bytes AS bytes_before
                                  FROM (SELECT c.id, c.change_set_id, c.atomic_group, octet_length(c.attribute_value) AS bytes
                                          FROM reconciler.attribute_change c
                                         WHERE (c.change_set_id, c.id) > (:set, :after) AND c.change_set_id <= :set
                                           AND c.claim IS NULL AND c.settled_at IS NULL
                                         ORDER BY c.change_set_id, c.id
                                         LIMIT :most) AS w) AS p
                         WHERE p.bytes_before < :enough
                    ), batch AS MATERIALIZED (
                        SELECT f.id FROM first f
                         UNION
                        SELECT g.id
                          FROM first f CROSS JOIN LATERAL reconciler.atomic_group_of(f.id) AS g (id)
                         WHERE f.atomic_group IS NOT NULL
                    )
                    UPDATE reconciler.attribute_change c
                       SET state = 'CANCELLED', settled_at = clock_timestamp()
                      FROM batch
                     WHERE c.id = ANY (ARRAY[batch.id]) AND c.claim IS NULL AND c.settled_at IS NULL
                    RETURNING {columns},
                              (SELECT {approver} FROM reconciler.change_set s WHERE s.id = c.change_set_id) AS approved_by
                    """);

    /// As [ChangeQueue#cancel(long)].
    List<AttributeChange> one(long changeId) {
        jdbc.sql(NO_CLAIM_MEANWHILE).query().singleRow();
        return jdbc.sql(CANCEL)
                .param("id", changeId)
                .query((row, _) -> StoredChange.of(row))
                .list();
    }

    /// As [ChangeQueue#cancel(long, long, int)].
    List<AttributeChange> some(long set, long after, int most) {
        jdbc.sql(NO_CLAIM_MEANWHILE).query().singleRow();
        return jdbc.sql(CANCEL_SOME)
                .param("set", set)
                .param("after", after)
                .param("most", most)
                .param("enough", ENOUGH_BYTES)
                .query((row, _) -> StoredChange.of(row))
                .list();
    }
}
