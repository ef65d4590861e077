package reconciler.queue;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import reconciler.change.Commitment;
import reconciler.change.Lane;
import reconciler.partition.Partition;
import reconciler.queue.ClaimedPage.Position;

/// Takes rows: PENDING to IN_FLIGHT under a claim, in the caller's transaction.
record Claims(JdbcClient jdbc, Lane lane) {
    /// Claims are taken one at a time, so that a participant queued under two roles is not claimed
    /// by two partitions at once. The statement below is a walk along partial indexes; what a
    /// planner without fresh statistics might prefer is switched off for this transaction.
    private static final String ONE_CLAIM_AT_A_TIME =
            """
            SELECT {lock},
                   set_config('enable_hashjoin', 'off', true),
                   set_config('enable_mergejoin', 'off', true),
                   set_config('enable_seqscan', 'off', true)
            """
                    .replace("{lock}", ClaimLock.TAKE);

    private static final String PAGE_OF_PARTITION =
            """
            SELECT c.id, c.bucket, c.conversation_id, c.participant_id, c.attribute_name, c.change_set_id, c.atomic_group
              FROM reconciler.attribute_change c
             WHERE {due}
               AND c.participant_role = :role
               AND c.priority >= :atLeast
               AND (NOT :urgent OR c.apply_by IS NOT NULL)
               AND c.bucket < :toBucket
               AND (c.bucket, c.participant_id, c.id) > (:bucket::smallint, :participant::uuid, :id)
               AND {free}
             ORDER BY c.bucket, c.participant_id, c.id
             LIMIT :size
               FOR UPDATE OF c
            """;

    /// Of the role of the most urgent row: a request carries one role.
    private static final String URGENT_PAGE =
            """
            SELECT c.id, c.bucket, c.conversation_id, c.participant_id, c.attribute_name, c.change_set_id, c.atomic_group
              FROM reconciler.attribute_change c
             WHERE {due}
               AND c.apply_by >= :from AND c.apply_by <= :by
               AND c.participant_role = (SELECT c.participant_role
                                           FROM reconciler.attribute_change c
                                          WHERE {due} AND c.apply_by >= :from AND c.apply_by <= :by AND {free}
                                          ORDER BY c.apply_by, c.id
                                          LIMIT 1)
               AND {free}
             ORDER BY c.apply_by, c.id
             LIMIT :size
               FOR UPDATE OF c
            """;

    private static final String ONE_BY_HAND =
            """
            SELECT c.id, c.bucket, c.conversation_id, c.participant_id, c.attribute_name, c.change_set_id, c.atomic_group
              FROM reconciler.attribute_change c
             WHERE c.id = :change AND {due} AND {free}
               FOR UPDATE OF c
            """;

    /// A newer one that no plan knew of wins all the same.
    private static final String OF_ALL = "{cleared}";

    /// One that the lane would leave for a run does not keep it from what is urgent now, and goes
    /// after it.
    private static final String OF_THE_URGENT = "{cleared} AND c.apply_by <= :by";

    /// Nothing of its participant is in flight, by a run or by the express lane. Hashed once; NOT
    /// EXISTS would compare each row with each that is in flight.
    private static final String FREE =
            """
            c.participant_id NOT IN (SELECT f.participant_id FROM reconciler.attribute_change f
                                      WHERE f.state = 'IN_FLIGHT')
            """;

    private static final String CLAIM =
            """
            WITH page AS (
                {page}
            ), rest AS (
                -- A page may end within an atomic group. What it leaves is due as the rest is: see refuse_unfit_changes().
                SELECT c.id, c.bucket, c.conversation_id, c.participant_id, c.attribute_name
                  FROM (SELECT DISTINCT bucket, conversation_id, participant_id, change_set_id, atomic_group
                          FROM page WHERE atomic_group IS NOT NULL) AS g
                  JOIN reconciler.attribute_change c
                    ON c.state = 'PENDING'
                   AND c.bucket = g.bucket
                   AND c.participant_id = g.participant_id
                   AND c.conversation_id = g.conversation_id
                   AND c.change_set_id = g.change_set_id
                   AND c.atomic_group = g.atomic_group
                 WHERE NOT EXISTS (SELECT FROM page p WHERE p.id = c.id)
                   FOR UPDATE OF c
            ), whole AS (
                SELECT id, bucket, conversation_id, participant_id, attribute_name, true AS of_page FROM page
                 UNION ALL
                SELECT id, bucket, conversation_id, participant_id, attribute_name, false FROM rest
            ), key AS (
                -- One by one: a join of the page with itself would be quadratic, as there are no statistics of it.
                SELECT p.id, p.bucket, p.conversation_id, p.participant_id, p.attribute_name, p.of_page,
                       (SELECT max(c.id)
                          FROM reconciler.attribute_change c
                         WHERE c.bucket = p.bucket
                           AND c.participant_id = p.participant_id
                           AND c.conversation_id = p.conversation_id
                           AND c.attribute_name = p.attribute_name
                           AND {newest}) AS newest
                  FROM whole p
            ), taken AS (
                SELECT k.id, nullif(k.newest, k.id) AS superseded_by, k.of_page FROM key k
                 UNION ALL
                -- Older ones that are not due yet, or stand under another role, must not come after the newest.
                SELECT o.id, k.newest, false
                  FROM (SELECT DISTINCT bucket, conversation_id, participant_id, attribute_name, newest FROM key) AS k
                  JOIN reconciler.attribute_change o
                    ON o.state = 'PENDING'
                   AND o.bucket = k.bucket
                   AND o.participant_id = k.participant_id
                   AND o.conversation_id = k.conversation_id
                   AND o.attribute_name = k.attribute_name
                   AND o.id < k.newest
                 WHERE NOT EXISTS (SELECT FROM whole p WHERE p.id = o.id)
            ), claimed AS (
                UPDATE reconciler.attribute_change c
                   SET state = 'IN_FLIGHT', claim = :claim
                  FROM taken t
                 WHERE c.id = t.id AND c.state = 'PENDING'
                RETURNING {columns}, t.superseded_by, t.of_page
            )
            SELECT {columns}, {approver} AS approved_by, c.superseded_by, c.of_page,
                   CASE WHEN r.change_id IS NOT NULL THEN p.salt END AS salt, r.before_commit
              FROM claimed c
              LEFT JOIN reconciler.change_set s ON s.id = c.change_set_id
              LEFT JOIN reconciler.plan p
                ON p.id = coalesce(:plan::bigint, CASE WHEN :approvedOnly AND s.id <> ALL (:freeSets)
                                                       THEN s.approved_plan END)
              LEFT JOIN reconciler.plan_row r ON r.plan_id = p.id AND r.change_id = c.id
             ORDER BY c.bucket, c.participant_id, c.id
            """;

    private static final String CLAIM_OF_PARTITION = claiming(PAGE_OF_PARTITION, OF_ALL);

    private static final String CLAIM_URGENT = claiming(URGENT_PAGE, OF_THE_URGENT);

    private static final String CLAIM_ONE = claiming(ONE_BY_HAND, OF_ALL);

    private static final String NEXT_CLAIM = "SELECT nextval('reconciler.claim_seq')";

    /// @param newest which changes to an attribute may win
    private static String claiming(String page, String newest) {
        return DueRows.in(
                StoredChange.in(
                        CLAIM.replace("{page}", page)
                                .replace("{free}", FREE)
                                .replace("{newest}", newest)));
    }

    /// As [ChangeQueue#claim(Partition, Scope, Rank, Position, int)].
    ClaimedPage page(
            Partition partition, Scope scope, Rank rank, @Nullable Position after, int size) {
        return claimed(
                scope,
                jdbc.sql(CLAIM_OF_PARTITION)
                        .param("role", partition.role().name())
                        .param("toBucket", partition.toBucket())
                        .param("bucket", after == null ? partition.fromBucket() : after.bucket())
                        .param(
                                "participant",
                                after == null ? new UUID(0, 0) : after.participantId())
                        .param("id", after == null ? 0 : after.id())
                        .param("atLeast", rank.atLeast())
                        .param("urgent", rank.urgent())
                        .param("size", size));
    }

    /// As [ChangeQueue#claimUrgent].
    ClaimedPage urgent(Scope scope, @Nullable Instant from, Instant by, int size) {
        return claimed(
                scope,
                jdbc.sql(CLAIM_URGENT)
                        .param(
                                "from",
                                from == null ? Moments.BEFORE_ALL_TIMES : Moments.timestamp(from))
                        .param("by", Moments.timestamp(by))
                        .param("size", size));
    }

    /// The row and what it is applied with or not at all; no row when it is not due, or something
    /// of its participant is in flight.
    ClaimedPage one(long changeId, Scope scope) {
        return claimed(scope, jdbc.sql(CLAIM_ONE).param("change", changeId));
    }

    /// Nobody else claims until the transaction ends.
    void awaitTurn() {
        jdbc.sql(ONE_CLAIM_AT_A_TIME).query().singleRow();
    }

    private ClaimedPage claimed(Scope scope, StatementSpec statement) {
        awaitTurn();
        long claim = next();
        var end = new AtomicReference<@Nullable Position>();
        List<ClaimedPage.Row> rows =
                DueRows.of(scope, statement)
                        .param("claim", claim)
                        .query((row, _) -> {
                            if (row.getBoolean("of_page")) {
                                end.set(position(row));
                            }
                            return new ClaimedPage.Row(
                                    StoredChange.of(row),
                                    row.getObject("superseded_by", Long.class),
                                    foreseen(row));
                        })
                        .list();
        return new ClaimedPage(claim, rows, end.get());
    }

    /// By its sign everybody can tell whose it is.
    private long next() {
        long number = jdbc.sql(NEXT_CLAIM).query(Long.class).single();
        return lane.isExpress() ? -number : number;
    }

    private static @Nullable Commitment foreseen(ResultSet row) throws SQLException {
        byte[] salt = row.getBytes("salt");
        return salt == null ? null : new Commitment(salt, row.getBytes("before_commit"));
    }

    private static Position position(ResultSet row) throws SQLException {
        return new Position(
                row.getInt("bucket"),
                row.getObject("participant_id", UUID.class),
                row.getLong("id"));
    }
}
