package reconciler.queue;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import reconciler.change.Commitment;
import reconciler.change.Lane;
import reconciler.partition.Partition;
import reconciler.queue.ClaimedPage.Position;

/// Takes rows: PENDING to IN_FLIGHT under a claim, in the caller's transaction.
record Claims(JdbcClient jdbc, Lane lane) {
    /// Nothing of its participant is in flight, by a run or by the express lane; what is set aside
    /// is in nobody's hands.
    static final String FREE =
            """
            (SELECT true FROM reconciler.attribute_change f
              WHERE f.state = 'IN_FLIGHT' AND f.participant_id = c.participant_id
                AND {not itself}
              LIMIT 1) IS NULL
            """
                    .replace("{not itself}", SetAsides.NOT_ITSELF.replace("c.id", "f.id"));

    private static final String PAGE_OF_PARTITION =
            page(
                    """
                    SELECT {columns}
                      FROM reconciler.attribute_change c
                     WHERE c.state = 'PENDING'
                       AND {due}
                       AND c.participant_role = :role
                       AND c.priority >= :atLeast
                       -- Not in words that the index of urgent rows is looked for by.
                       AND (c.apply_by IS NOT NULL) >= :urgent
                       AND c.bucket < :toBucket
                       AND (c.bucket, c.participant_id, c.id) > (:bucket::smallint, :participant::uuid, :id)
                       AND {free}
                     ORDER BY c.bucket, c.participant_id, c.id
                     LIMIT :size
                    """);

    /// Of the role of the most urgent row: a request carries one role.
    private static final String URGENT_PAGE =
            page(
                    """
                    SELECT {columns}
                      FROM reconciler.attribute_change c
                     WHERE c.state = 'PENDING'
                       AND {due}
                       AND c.apply_by >= :from AND c.apply_by <= :by
                       AND c.participant_role = (SELECT c.participant_role
                                                   FROM reconciler.attribute_change c
                                                  WHERE c.state = 'PENDING'
                                                    AND {due} AND c.apply_by >= :from AND c.apply_by <= :by AND {free}
                                                  ORDER BY c.apply_by, c.id
                                                  LIMIT 1)
                       AND {free}
                     ORDER BY c.apply_by, c.id
                     LIMIT :size
                    """);

    private static final String ONE_BY_HAND =
            page(
                    """
                    SELECT {columns}
                      FROM reconciler.attribute_change c
                     WHERE c.id = :change AND {due} AND {free}
                    """);

    /// A newer one that no plan knew of wins all the same.
    private static final String OF_ALL = RelatedRows.among("{cleared}");

    /// One that the lane would leave for a run does not keep it from what is urgent now, and goes
    /// after it.
    private static final String OF_THE_URGENT =
            RelatedRows.among("{cleared} AND c.apply_by <= :by");

    /// PENDING is said without its name, and the id so that it can only be looked up, row by row:
    /// neither is an index walked from end to end for it, nor the table.
    private static final String CLAIM =
            StoredChange.in(
                    """
                    WITH claimed AS (
                        UPDATE reconciler.attribute_change c
                           SET state = 'IN_FLIGHT', claim = :claim
                          FROM unnest(:ids::bigint[], :supersededBy::bigint[]) AS t (id, superseded_by)
                         WHERE c.id = ANY (ARRAY[t.id]) AND c.claim IS NULL AND c.settled_at IS NULL
                        RETURNING {columns}, t.superseded_by
                    )
                    SELECT {columns}, {approver} AS approved_by, c.superseded_by,
                           CASE WHEN r.change_id IS NOT NULL THEN p.salt END AS salt, r.before_commit
                      FROM claimed c
                      LEFT JOIN LATERAL (SELECT s.id, s.approved_by, s.approved_until, s.approved_plan
                                           FROM reconciler.change_set s
                                          WHERE s.id = c.change_set_id
                                         OFFSET 0) AS s ON true
                      LEFT JOIN LATERAL (SELECT p.id, p.salt
                                           FROM reconciler.plan p
                                          WHERE p.id = coalesce(:plan::bigint,
                                                                CASE WHEN :approvedOnly AND s.id <> ALL (:freeSets)
                                                                     THEN s.approved_plan END)
                                         OFFSET 0) AS p ON true
                      LEFT JOIN LATERAL (SELECT r.change_id, r.before_commit
                                           FROM reconciler.plan_row r
                                          WHERE r.change_id >= c.id AND r.change_id <= c.id AND r.plan_id + 0 = p.id
                                         OFFSET 0) AS r ON true
                    """);

    private static final String NEXT_CLAIM = "SELECT nextval('reconciler.claim_seq')";

    private static final Comparator<ClaimedPage.Row> PARTICIPANTS_TOGETHER =
            Comparator.<ClaimedPage.Row, UUID>comparing(
                            row -> row.change().participant().participantId())
                    .thenComparingLong(row -> row.change().id());

    private static String page(String statement) {
        return DueRows.in(
                statement.replace("{columns}", Candidate.COLUMNS).replace("{free}", FREE));
    }

    /// As [ChangeQueue#claim(Partition, Scope, Rank, Position, int)].
    ClaimedPage page(
            Partition partition, Scope scope, Rank rank, @Nullable Position after, int size) {
        awaitTurn();
        return claimed(
                scope,
                OF_ALL,
                Map.of(),
                jdbc.sql(PAGE_OF_PARTITION)
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
        awaitTurn();
        return claimed(
                scope,
                OF_THE_URGENT,
                Map.of("by", Moments.timestamp(by)),
                jdbc.sql(URGENT_PAGE)
                        .param(
                                "from",
                                from == null ? Moments.BEFORE_ALL_TIMES : Moments.timestamp(from))
                        .param("by", Moments.timestamp(by))
                        .param("size", size));
    }

    /// The row and what it is applied with or not at all; no row when it is not due, or something
    /// of its participant is in flight. The caller has awaited its turn.
    ClaimedPage one(long changeId, Scope scope) {
        return claimed(scope, OF_ALL, Map.of(), jdbc.sql(ONE_BY_HAND).param("change", changeId));
    }

    /// Nobody else claims until the transaction ends, so that a participant queued under two roles
    /// is not claimed by two partitions at once.
    void awaitTurn() {
        jdbc.sql(ClaimLock.TAKE).query().singleRow();
    }

    private ClaimedPage claimed(
            Scope scope, String newest, Map<String, Object> parameters, StatementSpec statement) {
        List<Candidate> page =
                DueRows.of(scope, statement).query((row, _) -> Candidate.of(row)).list();
        long claim = next();
        if (page.isEmpty()) {
            return new ClaimedPage(claim, List.of(), null);
        }
        List<RelatedRows.Taken> taken = new RelatedRows(jdbc, newest).with(page, scope, parameters);
        return new ClaimedPage(claim, take(taken, claim, scope), page.getLast().position());
    }

    private List<ClaimedPage.Row> take(List<RelatedRows.Taken> taken, long claim, Scope scope) {
        return jdbc
                .sql(CLAIM)
                .param("ids", taken.stream().map(RelatedRows.Taken::id).toArray(Long[]::new))
                .param(
                        "supersededBy",
                        taken.stream().map(RelatedRows.Taken::supersededBy).toArray(Long[]::new))
                .param("claim", claim)
                .param("plan", scope.plan(), Types.BIGINT)
                .param("approvedOnly", scope.approvedOnly())
                .param("freeSets", scope.freeSets().numbers())
                .query((row, _) ->
                        new ClaimedPage.Row(
                                StoredChange.of(row),
                                row.getObject("superseded_by", Long.class),
                                foreseen(row)))
                .list()
                .stream()
                .sorted(PARTICIPANTS_TOGETHER)
                .toList();
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
}
