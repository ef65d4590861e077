package reconciler.queue;

import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.change.AttributeChange;
import reconciler.change.Lane;
import reconciler.outcome.Settlement;
import reconciler.partition.Partition;
import reconciler.queue.ClaimedPage.Position;

/// The rows that are owed, and whose turn it is. Every change of state names the state it expects.
public final class ChangeQueue {
    /// More rows than this that cannot be claimed, one after the other, are no fault of the rows.
    private static final int MOST_IN_A_ROW = 10;

    /// Who has a claim is IN_FLIGHT, by the table's constraint; and the id is so written that it
    /// can only be looked up, row by row.
    private static final String SETTLE =
            """
            UPDATE reconciler.attribute_change c
               SET state           = s.state,
                   attempts        = c.attempts + s.attempts,
                   in_doubt        = s.in_doubt,
                   claim           = NULL,
                   -- One moment for all: what is sent together is due together.
                   next_attempt_at = CASE WHEN s.defer_micros IS NULL THEN c.next_attempt_at
                                          ELSE statement_timestamp() + s.defer_micros * interval '1 microsecond' END,
                   settled_at      = CASE WHEN s.state = 'PENDING' THEN NULL ELSE clock_timestamp() END
              FROM unnest(:ids::bigint[], :states::text[], :attempts::int[], :inDoubt::boolean[], :defer::bigint[])
                       AS s (id, state, attempts, in_doubt, defer_micros)
             WHERE c.id = ANY (ARRAY[s.id]) AND c.claim = :claim
            """;

    private static final String RECLAIM =
            DueRows.in(
                    """
                    WITH sent AS (
                        SELECT s.change_id, count(*) AS sends
                          FROM reconciler.intent i,
                               unnest(i.purposes, i.change_ids) AS r (purpose, change_ids),
                               unnest(r.change_ids::bigint[]) AS s (change_id)
                         WHERE r.purpose = 'PATCH'
                         GROUP BY s.change_id
                    ), left_behind AS MATERIALIZED (
                        SELECT c.id, coalesce(s.sends, 0) AS sends
                          FROM {in_flight} AS c LEFT JOIN sent s ON s.change_id = c.id
                         WHERE (c.claim < 0) = :express AND {not itself}
                           AND (:only::bigint IS NULL OR c.id = :only::bigint)
                    ), back AS (
                        UPDATE reconciler.attribute_change c
                           SET state = 'PENDING', claim = NULL, in_doubt = c.in_doubt OR l.sends > 0,
                               attempts = c.attempts + l.sends
                          FROM left_behind l
                         WHERE c.id = ANY (ARRAY[l.id]) AND (c.claim < 0) = :express
                        RETURNING c.in_doubt
                    )
                    SELECT count(*) AS rows, count(*) FILTER (WHERE in_doubt) AS in_doubt FROM back
                    """
                            .replace("{not itself}", SetAsides.NOT_ITSELF));

    private static final String LEFT_BEHIND =
            DueRows.in(
                    """
                    SELECT c.id FROM {in_flight} AS c WHERE (c.claim < 0) = :express AND {not itself} ORDER BY c.id
                    """
                            .replace("{not itself}", SetAsides.NOT_ITSELF));

    private static final String READ =
            StoredChange.in(
                    """
                    SELECT {columns},
                           (SELECT {approver} FROM reconciler.change_set s WHERE s.id = c.change_set_id) AS approved_by
                      FROM (SELECT :id::bigint AS id UNION SELECT g.id FROM reconciler.atomic_group_of(:id) AS g (id)) AS w
                     CROSS JOIN LATERAL (SELECT {columns}, c.claim, c.settled_at
                                           FROM reconciler.attribute_change c
                                          WHERE c.id = w.id
                                         OFFSET 0) AS c
                     WHERE c.id = :id OR (c.claim IS NULL AND c.settled_at IS NULL)
                     ORDER BY c.id
                    """);

    private final JdbcClient jdbc;
    private final Lane lane;
    private final Claims claims;
    private final HandClaims handClaims;
    private final Withdrawals withdrawals;
    private final Heads heads;
    private final SetAsides setAsides;
    private final Savepoints savepoints;
    private final TransactionTemplate ownTransaction;
    private final Fence fence;

    /// As runs see it.
    public ChangeQueue(DataSource dataSource) {
        this(dataSource, Lane.RUN);
    }

    /// @param lane whose claims these are
    public ChangeQueue(DataSource dataSource, Lane lane) {
        jdbc = JdbcClient.create(dataSource);
        this.lane = lane;
        claims = new Claims(jdbc, lane);
        handClaims = new HandClaims(jdbc, claims);
        withdrawals = new Withdrawals(jdbc);
        heads = new Heads(jdbc);
        setAsides = new SetAsides(dataSource);
        savepoints = new Savepoints(dataSource);
        ownTransaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        ownTransaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        fence = () -> {};
    }

    private ChangeQueue(ChangeQueue queue, Fence fence) {
        jdbc = queue.jdbc;
        lane = queue.lane;
        claims = queue.claims;
        handClaims = queue.handClaims;
        withdrawals = queue.withdrawals;
        heads = queue.heads;
        setAsides = queue.setAsides;
        savepoints = queue.savepoints;
        ownTransaction = queue.ownTransaction;
        this.fence = fence;
    }

    /// The same rows, for who may claim and settle them only as long as the fence holds.
    public ChangeQueue behind(Fence fence) {
        return new ChangeQueue(this, fence);
    }

    /// Takes the next due rows of a partition: PENDING to IN_FLIGHT, in a transaction of its own
    /// that ends here. Participants that are in flight already are left out. Older changes to an
    /// attribute in the page come along as superseded, whether they are due or not.
    ///
    /// @param after where the last page ended; null for the partition's beginning
    /// @param size the most rows, not counting the older ones that come along
    public ClaimedPage claim(Partition partition, Scope scope, @Nullable Position after, int size) {
        return claim(partition, scope, Rank.LAST, after, size);
    }

    /// The same among rows of a rank. What comes along, comes along whatever its own.
    public ClaimedPage claim(
            Partition partition, Scope scope, Rank rank, @Nullable Position after, int size) {
        return careful(
                size,
                rows -> claims.page(partition, scope, rank, after, rows),
                () -> heads.ofPartition(partition, scope, rank, after));
    }

    /// Takes the most urgent rows of the scope that are in nobody's way, all of one role, as
    /// [#claim(Partition, Scope, Position, int)] does. A newer change to the same attribute that is
    /// not among them, by its apply-by, stays for afterwards.
    ///
    /// @param from rows whose apply-by is not earlier than this; null: however early
    /// @param by and not later than this
    public ClaimedPage claimUrgent(Scope scope, @Nullable Instant from, Instant by, int size) {
        return careful(
                size,
                rows -> claims.urgent(scope, from, by, rows),
                () -> heads.ofUrgent(scope, from, by));
    }

    /// Takes one row by hand, and with it what it is applied with or not at all, as
    /// [#claim(Partition, Scope, Position, int)] does: nothing that the scope forbids.
    ///
    /// @param changeId of a change that is there
    public HandClaim claim(long changeId, Scope scope) {
        return claimed(() -> handClaims.claim(changeId, scope));
    }

    /// When a claim fails that a row may be to blame for, fewer are taken, down to one alone; that
    /// one is set aside, and the next are taken.
    private ClaimedPage careful(
            int size, IntFunction<ClaimedPage> claim, Supplier<@Nullable Long> head) {
        int rows = size;
        int aside = 0;
        while (true) {
            int most = rows;
            try {
                return claimed(() -> claim.apply(most));
            } catch (DataAccessException failure) {
                if (!RowFault.isPossible(failure) || aside == MOST_IN_A_ROW) {
                    throw failure;
                }
                if (rows == 1) {
                    setAside(head, failure);
                    aside++;
                }
                rows = Math.max(1, rows / 2);
            }
        }
    }

    private void setAside(Supplier<@Nullable Long> head, DataAccessException failure) {
        ownTransaction.executeWithoutResult(_ -> {
            fence.confirm();
            Long first = head.get();
            if (first == null) {
                throw failure;
            }
            setAsides.add(aside(read(first), failure, false));
        });
    }

    /// @param sent whether a request may have been sent for them, whatever they say
    private static List<SetAside> aside(
            List<AttributeChange> changes, DataAccessException failure, boolean sent) {
        return changes.stream()
                .map(change ->
                        new SetAside(
                                change,
                                RowFault.inWords(failure, change),
                                sent || change.inDoubt()))
                .toList();
    }

    private <T> T claimed(Supplier<T> claim) {
        return ownTransaction.execute(_ -> {
            fence.confirm();
            return claim.get();
        });
    }

    /// Writes back what became of a claim's rows, in the caller's transaction, as long as the fence
    /// holds.
    ///
    /// @throws ClaimLost when a row is not ours any more: the caller must roll back
    public void settle(long claim, List<Settlement> settlements) {
        fence.confirm();
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

    /// What was put back.
    ///
    /// @param inDoubt how many of them a request may have been applied for
    public record Reclaimed(int all, int inDoubt) {}

    /// Puts back what a dead holder of the lane left IN_FLIGHT, in the caller's transaction: in
    /// doubt where an open intent says that a PATCH may have been sent, otherwise as it was. Only
    /// the holder of the lease may call this.
    public Reclaimed reclaim() {
        var all = new AtomicReference<>(new Reclaimed(0, 0));
        RuntimeException failure = savepoints.attempt(() -> all.set(reclaim(null)));
        if (failure == null) {
            return all.get();
        }
        if (!RowFault.isPossible(failure)) {
            throw failure;
        }
        return oneByOne();
    }

    /// What cannot be put back is set aside as it is.
    private Reclaimed oneByOne() {
        int rows = 0;
        int inDoubt = 0;
        for (long id :
                jdbc.sql(LEFT_BEHIND)
                        .param("express", lane.isExpress())
                        .query((row, _) -> row.getLong("id"))
                        .list()) {
            var one = new AtomicReference<>(new Reclaimed(0, 0));
            RuntimeException failure = savepoints.attempt(() -> one.set(reclaim(id)));
            if (failure instanceof DataAccessException refused && RowFault.isPossible(refused)) {
                setAsides.add(aside(read(id), refused, true));
            } else if (failure != null) {
                throw failure;
            }
            rows += one.get().all();
            inDoubt += one.get().inDoubt();
        }
        return new Reclaimed(rows, inDoubt);
    }

    private Reclaimed reclaim(@Nullable Long only) {
        return jdbc.sql(RECLAIM)
                .param("express", lane.isExpress())
                .param("only", only, Types.BIGINT)
                .query((row, _) -> new Reclaimed(row.getInt("rows"), row.getInt("in_doubt")))
                .single();
    }

    /// Withdraws one change that is still pending, and with it what it is applied with or not at
    /// all, in the caller's transaction.
    ///
    /// @return the changes, for their outcomes; empty when it is not PENDING
    public List<AttributeChange> cancel(long changeId) {
        return withdrawals.one(changeId);
    }

    /// Withdraws changes of a set that are still pending, the lowest ids first, in the caller's
    /// transaction. A little more than `most` where an atomic group would be cut, fewer where they
    /// are large: about 8 MB of values at a time.
    ///
    /// @param after only ids beyond this one
    /// @return the changes, for their outcomes; empty when none is left
    public List<AttributeChange> cancel(long set, long after, int most) {
        return withdrawals.some(set, after, most);
    }

    /// A change with its value, whatever its state, and what is pending of what it is applied with
    /// or not at all; empty when there is no change with this id.
    public List<AttributeChange> read(long changeId) {
        return jdbc.sql(READ).param("id", changeId).query((row, _) -> StoredChange.of(row)).list();
    }
}
