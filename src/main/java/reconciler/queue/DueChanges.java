package reconciler.queue;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.change.ParticipantRole;
import reconciler.partition.Partition;

/// Questions about what a run has before it; changes nothing.
public final class DueChanges {
    private static final String NOW =
            """
            SELECT coalesce(max(id), 0) AS horizon, clock_timestamp() AS as_of,
                   pg_snapshot_xmin(pg_current_snapshot())::xid::text AS oldest_writer
              FROM reconciler.attribute_change
            """;

    private static final String FREE_SETS =
            DueRows.in(
                    """
                    SELECT reconciler.free_sets(
                               ARRAY(SELECT DISTINCT c.change_set_id FROM {pending} AS c WHERE c.change_set_id IS NOT NULL),
                               :aboveRows::int, :attributes::text[]) AS id
                    """);

    /// Rows that were approved once, or in a set that needed no approval, and wait for one now.
    private static final String LAPSED =
            DueRows.in(
                    """
                    SELECT count(*)
                      FROM {pending} AS c
                     WHERE {ready}
                       AND (c.change_set_id = ANY (:freeSets)
                            OR EXISTS (SELECT FROM reconciler.approval a
                                        WHERE a.change_set_id = c.change_set_id AND a.verdict = 'approved'))
                       AND NOT coalesce({agreed}, false)
                    """);

    private static final String DUE_BY_ROLE =
            DueRows.in(
                    """
                    SELECT c.participant_role, count(*) AS rows
                      FROM {pending} AS c
                     WHERE {due}
                     GROUP BY c.participant_role
                     ORDER BY c.participant_role
                    """);

    private static final String FORECAST_BY_ROLE =
            DueRows.in(
                    """
                    WITH due AS (
                        SELECT c.participant_role, c.conversation_id, c.participant_id, c.attribute_name, c.id, c.apply_by,
                               max(c.id) OVER (PARTITION BY c.conversation_id, c.participant_id, c.attribute_name) AS newest
                          FROM {pending} AS c
                         WHERE {due}
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
                    """);

    private static final String CANCELLED_SINCE =
            """
            SELECT count(*) FILTER (WHERE c.id <= :horizon)
              FROM unnest(ARRAY[:asOf::timestamptz], ARRAY['infinity'::timestamptz]) AS times (first, last)
             CROSS JOIN LATERAL (SELECT a.id
                                   FROM reconciler.attribute_change a
                                  WHERE a.state = 'CANCELLED' AND a.settled_at >= times.first AND a.settled_at <= times.last
                                 OFFSET 0) AS c
            """;

    /// The words of the events are those of whoever steers.
    private static final String LET_GO_SINCE =
            DueRows.in(
                    """
                    WITH let_go AS MATERIALIZED (
                        SELECT e.object FROM audit.event e WHERE e.action = 'unpaused' AND e.occurred_at >= :asOf
                         UNION
                        SELECT 'change set ' || a.change_set_id
                          FROM reconciler.approval a
                         WHERE a.verdict = 'approved' AND a.decided_at >= :asOf
                    )
                    SELECT count(*)
                      FROM {pending} AS c
                     WHERE {due}
                       AND EXISTS (SELECT FROM let_go)
                       AND (EXISTS (SELECT FROM let_go g WHERE g.object = 'everything')
                            OR 'change set ' || c.change_set_id = ANY (ARRAY(SELECT g.object FROM let_go g)))
                    """);

    private static final String PAUSED =
            DueRows.in(
                    """
                    SELECT count(*)
                      FROM {pending} AS c
                     WHERE {waiting}
                       AND EXISTS (SELECT FROM reconciler.pause)
                       AND (EXISTS (SELECT FROM reconciler.pause WHERE change_set_id IS NULL)
                            OR c.change_set_id = ANY (ARRAY(SELECT p.change_set_id FROM reconciler.pause p)))
                    """);

    private static final String UNAPPROVED =
            DueRows.in(
                    """
                    SELECT count(*)
                      FROM {pending} AS c
                     WHERE {ready}
                       AND NOT coalesce({agreed}, false)
                    """);

    private static final String STILL_DUE =
            DueRows.in(
                    """
                    -- In the order of the index: EXISTS would expect to meet one soon, and read the whole table to find none.
                    SELECT (SELECT true FROM reconciler.attribute_change c
                             WHERE c.state = 'PENDING'
                               AND {due}
                               AND c.participant_role = :role
                               AND c.bucket >= :fromBucket AND c.bucket < :toBucket
                             ORDER BY c.bucket, c.participant_id, c.id
                             LIMIT 1) IS NOT NULL
                    """);

    private static final String URGENT =
            DueRows.in(
                    """
                    -- In the order of the index, as above.
                    SELECT (SELECT true FROM reconciler.attribute_change c
                             WHERE c.state = 'PENDING' AND {due} AND c.apply_by <= :by
                             ORDER BY c.apply_by, c.id
                             LIMIT 1) IS NOT NULL
                    """);

    private static final String LEFT_TO_EXPRESS_LANE =
            DueRows.in(
                    """
                    SELECT (SELECT count(*) FROM {in_flight} AS c WHERE c.id <= :horizon AND c.claim < 0)
                           + (SELECT count(*) FROM {pending} AS c
                               WHERE c.id <= :horizon AND (c.apply_by IS NOT NULL OR ({due})))
                    """);

    private static final String IN_ORDER_ONLY = "SELECT " + IndexWalk.IN_ORDER_ONLY;

    private static final String RANKS =
            DueRows.in(
                    """
                    SELECT DISTINCT c.priority, c.apply_by IS NOT NULL AS urgent
                      FROM {partition} AS c
                     WHERE {ready} AND c.participant_role = :role
                     ORDER BY c.priority DESC, urgent DESC
                    """);

    private final JdbcClient jdbc;
    private final TransactionTemplate ownTransaction;

    public DueChanges(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
        ownTransaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        ownTransaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    /// What a run over a scope would do, one role.
    public record Forecast(
            ParticipantRole role,
            long rows,
            long superseded,
            long expired,
            long participants,
            long conversations) {}

    /// The scope of a run that begins now, by the database's clock.
    public Scope scopeNow(Set<ParticipantRole> roles, ApprovalRule rule) {
        Beginning now =
                jdbc.sql(NOW)
                        .query((row, _) ->
                                new Beginning(
                                        row.getLong("horizon"),
                                        Moments.instant(row, "as_of"),
                                        row.getString("oldest_writer")))
                        .single();
        return new Scope(
                roles,
                rule.isAny(),
                freeSets(rule, now.oldestWriter()),
                now.horizon(),
                now.asOf(),
                null);
    }

    private record Beginning(long horizon, Instant asOf, String oldestWriter) {}

    /// Sets with pending rows that need nobody's approval. Looked for when the horizon is known:
    /// what is committed into a set before that, is seen.
    private FreeSets freeSets(ApprovalRule rule, String oldestWriter) {
        return switch (rule) {
            case ApprovalRule.None _, ApprovalRule.Required _ -> FreeSets.NONE;
            case ApprovalRule.When when ->
                    new FreeSets(
                            FreeSets.judgedBy(when, jdbc.sql(FREE_SETS))
                                    .query((row, _) -> row.getLong("id"))
                                    .set(),
                            when,
                            oldestWriter);
        };
    }

    /// Rows of the scope that wait because their approval ended, by time or by what became of its
    /// plan, or because rows were committed late into their set, which would need none otherwise.
    public long lapsed(Scope scope) {
        return scope.approvedOnly()
                ? DueRows.of(scope, jdbc.sql(LAPSED)).query(Long.class).single()
                : 0;
    }

    /// How many rows of each role are due.
    public Map<ParticipantRole, Long> byRole(Scope scope) {
        var rows = new TreeMap<ParticipantRole, Long>(Comparator.comparing(ParticipantRole::name));
        DueRows.of(scope, jdbc.sql(DUE_BY_ROLE))
                .query(row -> {
                    rows.put(
                            new ParticipantRole(row.getString("participant_role")),
                            row.getLong("rows"));
                });
        return rows;
    }

    /// What a run would do with what is due.
    public List<Forecast> forecast(Scope scope) {
        return DueRows.of(scope, jdbc.sql(FORECAST_BY_ROLE))
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
                DueRows.of(scope, jdbc.sql(STILL_DUE))
                        .param("role", partition.role().name())
                        .param("fromBucket", partition.fromBucket())
                        .param("toBucket", partition.toBucket())
                        .query(Boolean.class)
                        .single());
    }

    /// Rows of the scope that would be due if nothing were paused.
    public long paused(Scope scope) {
        return DueRows.of(scope, jdbc.sql(PAUSED)).query(Long.class).single();
    }

    /// Due rows of the scope whose pause ended, or whose set was approved, since the run began: it
    /// may have been done with their partition by then.
    public long letGoSince(Scope scope) {
        return DueRows.of(scope, jdbc.sql(LET_GO_SINCE)).query(Long.class).single();
    }

    /// Rows of the scope, in its plan or not, that wait for nothing but an approval.
    public long unapproved(Scope scope) {
        return scope.approvedOnly()
                ? DueRows.of(scope, jdbc.sql(UNAPPROVED)).query(Long.class).single()
                : 0;
    }

    /// Rows of the scope that people withdrew since the run began.
    public long cancelledSince(Scope scope) {
        return jdbc.sql(CANCELLED_SINCE)
                .param("horizon", scope.horizon())
                .param("asOf", Moments.timestamp(scope.asOf()))
                .query(Long.class)
                .single();
    }

    /// Whether a row of the scope is due whose apply-by is not later than this, claimable at this
    /// moment or not.
    public boolean isUrgent(Scope scope, Instant by) {
        return ownTransaction.execute(_ -> {
            jdbc.sql(IN_ORDER_ONLY).query().singleRow();
            return DueRows.of(scope, jdbc.sql(URGENT))
                    .param("by", Moments.timestamp(by))
                    .query(Boolean.class)
                    .single();
        });
    }

    /// Rows up to the horizon that the express lane has in hand or has yet to take, or that were
    /// put back when it died: with what is urgent it takes older rows that are not, and those are
    /// due again once their partition may have ended.
    public long leftToExpressLane(Scope scope) {
        return DueRows.of(scope, jdbc.sql(LEFT_TO_EXPRESS_LANE)).query(Long.class).single();
    }

    /// The ranks of what waits in a partition, the first one first: the greater priority, and of
    /// the same one what is urgent.
    public List<Rank> ranks(Partition partition, Scope scope) {
        return ownTransaction.execute(_ ->
                DueRows.of(scope, jdbc.sql(RANKS))
                        .param("role", partition.role().name())
                        .param("fromBucket", partition.fromBucket())
                        .param("toBucket", partition.toBucket())
                        .query((row, _) ->
                                new Rank(row.getInt("priority"), row.getBoolean("urgent")))
                        .list());
    }
}
