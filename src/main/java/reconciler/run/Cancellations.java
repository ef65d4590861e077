package reconciler.run;

import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.audit.AuditTrail;
import reconciler.change.AttributeChange;
import reconciler.outcome.Evidence;
import reconciler.queue.ChangeQueue;
import reconciler.queue.ChangeSetView;
import reconciler.queue.QueueView;
import reconciler.queue.SetAsides;

/// Withdraws what is still pending. Each act is an event of the audit. All of them throw
/// [Contradiction] when things stand otherwise, and have changed nothing then.
public final class Cancellations {
    /// Cancelled rows that are one transaction and one seal. Claims wait for it meanwhile.
    private static final int BATCH = 2000;

    private final ChangeQueue queue;
    private final QueueView queueView;
    private final KnownSets sets;
    private final SetAsides setAsides;
    private final AuditTrail trail;
    private final TransactionTemplate transaction;

    public Cancellations(DataSource dataSource) {
        queue = new ChangeQueue(dataSource);
        queueView = new QueueView(dataSource);
        sets = KnownSets.in(dataSource);
        setAsides = new SetAsides(dataSource);
        trail = new AuditTrail(dataSource);
        transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    }

    /// @param cancelled rows that are CANCELLED now
    /// @param inFlight rows that a run was sending meanwhile; not touched
    public record Cancelled(long cancelled, long inFlight) {}

    /// Withdraws what is pending of a set, in batches: however large it is, little is held, and a
    /// run goes on beside it. When it is killed, the rest is still pending.
    public Cancelled ofSet(long set, Steering.Order order) {
        ChangeSetView.Standing standing = sets.standing(set);
        if (standing.pending() == 0) {
            throw new Contradiction(
                    standing.inFlight() == 0
                            ? "nothing of change set "
                                    + set
                                    + " is pending; `reconciler outcomes --set "
                                    + set
                                    + "` tells what became of it"
                            : "all that is left of change set "
                                    + set
                                    + " is in flight; its run settles it, `reconciler undo "
                                    + set
                                    + "` takes back what was applied");
        }
        trail.append(
                order.event(
                        "cancelled", "change set " + set, standing.pending() + " pending rows"));
        return ofSet(set, evidence(order));
    }

    /// Withdraws what is pending of a set as above; the caller has seen to what has to be true for
    /// it, and to its event.
    public Cancelled ofSet(long set, Evidence reason) {
        long cancelled = 0;
        long last = 0;
        while (true) {
            long after = last;
            List<AttributeChange> batch = transaction.execute(_ -> cancelSome(set, after, reason));
            if (batch.isEmpty() && after == 0) {
                return new Cancelled(cancelled, sets.standing(set).inFlight());
            }
            cancelled += batch.size();
            // An atomic group may have reached beyond the batch: then what lies between is left for
            // the next round.
            last = batch.stream().mapToLong(AttributeChange::id).max().orElse(0);
        }
    }

    private List<AttributeChange> cancelSome(long set, long after, Evidence reason) {
        List<AttributeChange> batch = queue.cancel(set, after, BATCH);
        if (!batch.isEmpty()) {
            trail.appendCancelled(batch, reason);
        }
        return batch;
    }

    /// Withdraws one change, and with it what it is applied with or not at all. One that was set
    /// aside as well; an outcome that is on record for it stands, and closes it.
    ///
    /// @return how many others were withdrawn with it
    public int ofChange(long change, Steering.Order order) {
        return transaction.execute(_ -> {
            SetAsides.Held held = setAsides.of(change);
            if (held != null && held.outcome() != null) {
                setAsides.close(change);
                trail.append(
                        order.event(
                                "closed",
                                "change " + change,
                                "was set aside; by its outcome, " + held.outcome()));
                return 0;
            }
            if (held != null) {
                setAsides.letGo(change);
            }
            List<AttributeChange> withdrawn = queue.cancel(change);
            if (withdrawn.isEmpty()) {
                throw new Contradiction(notPending(change));
            }
            trail.append(
                    order.event(
                            "cancelled", "change " + change, withdrawn.size() + " pending rows"));
            trail.appendCancelled(withdrawn, evidence(order));
            return withdrawn.size() - 1;
        });
    }

    private String notPending(long change) {
        QueueView.ChangeRow row = queueView.find(change);
        if (row == null) {
            return "there is no change " + change + "; `reconciler status` lists what waits";
        }
        return "change "
                + change
                + " is "
                + row.state()
                + " and cannot be cancelled any more; `reconciler explain "
                + change
                + "` tells its story";
    }

    private static Evidence evidence(Steering.Order order) {
        return Evidence.of(
                "cancelled",
                "by " + order.by() + (order.reason() == null ? "" : ": " + order.reason()));
    }
}
