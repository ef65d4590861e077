package reconciler.run;

import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.audit.AuditTrail;
import reconciler.audit.Event;
import reconciler.queue.ChangeSetView;
import reconciler.queue.PausedSets;
import reconciler.queue.QueueView;
import reconciler.queue.RedriveFilter;
import reconciler.queue.Redrives;
import reconciler.queue.Redrives.Verdict;
import reconciler.queue.SetAsides;

/// What people do, from any host, to the run under way and to what waits. Each act is an event of
/// the audit, in the same transaction. All of them throw [Contradiction] when things stand
/// otherwise, and have changed nothing then.
public final class Steering {
    private final Leases leases;
    private final KnownSets sets;
    private final PausedSets paused;
    private final Redrives redrives;
    private final SetAsides setAsides;
    private final QueueView queue;
    private final AuditTrail trail;
    private final TransactionTemplate transaction;

    /// @param by the person
    /// @param reason why, for the audit
    public record Order(String by, @Nullable String reason) {
        Event event(String action, String object, @Nullable String detail) {
            return new Event(by, action, object, reason, detail);
        }
    }

    public Steering(DataSource dataSource) {
        leases = new Leases(dataSource);
        sets = KnownSets.in(dataSource);
        paused = new PausedSets(dataSource);
        redrives = new Redrives(dataSource);
        setAsides = new SetAsides(dataSource);
        queue = new QueueView(dataSource);
        trail = new AuditTrail(dataSource);
        transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    }

    /// Asks the run under way to end; it hears of it with its next renewal of the lease.
    ///
    /// @return who holds the lease
    public Leases.Holder stop(Order order) {
        Leases.Holder holder = leases.holder();
        if (holder == null || !holder.isAlive()) {
            throw new Contradiction(
                    "no run is under way, so there is nothing to stop; `reconciler pause --all` keeps the next one from taking rows");
        }
        transaction.executeWithoutResult(_ -> {
            if (!leases.beats().askToStop(holder, new StopRequest(order.by(), order.reason()))) {
                StopRequest before = leases.beats().stopRequest();
                throw new Contradiction(
                        before == null
                                ? "the run ended a moment ago; `reconciler status` tells how"
                                : "the run was asked to stop before, by "
                                        + before.by()
                                        + "; `reconciler status --watch` shows it end");
            }
            trail.append(order.event("asked to stop", holder.name(), holder.owner()));
        });
        return holder;
    }

    /// @param set null: everything
    public void pause(@Nullable Long set, Order order) {
        if (set != null) {
            ChangeSetView.Standing standing = sets.standing(set);
            if (standing.pending() + standing.inFlight() == 0) {
                throw new Contradiction(
                        "nothing of change set "
                                + set
                                + " waits, so there is nothing to pause; `reconciler outcomes --set "
                                + set
                                + "` tells what became of it");
            }
        }
        transaction.executeWithoutResult(_ -> {
            if (!paused.pause(set, order.by(), order.reason())) {
                throw new Contradiction(
                        name(set)
                                + " is paused already; `reconciler status` tells by whom, `reconciler unpause "
                                + argument(set)
                                + "` resumes it");
            }
            trail.append(order.event("paused", name(set), null));
        });
    }

    /// @param set null: everything
    /// @return the pause that is over
    public PausedSets.Paused unpause(@Nullable Long set, Order order) {
        return transaction.execute(_ -> {
            PausedSets.Paused over =
                    paused.letGo(set).orElseThrow(() -> new Contradiction(notPaused(set)));
            trail.append(order.event("unpaused", name(set), "had been paused by " + over.by()));
            return over;
        });
    }

    private String notPaused(@Nullable Long set) {
        List<PausedSets.Paused> all = paused.all();
        if (all.isEmpty()) {
            return "nothing is paused, so there is nothing to resume";
        }
        return name(set)
                + " is not paused"
                + (set == null ? " as a whole" : "")
                + "; paused: "
                + String.join(", ", all.stream().map(one -> name(one.set())).toList())
                + ": `reconciler unpause "
                + argument(all.getFirst().set())
                + "`";
    }

    /// What [#redrive] would do, by what becomes of each row, whatever the limit.
    public Map<Verdict, Long> wouldRedrive(RedriveFilter filter) {
        return redrives.judge(filter);
    }

    /// Queues anew what ended badly, all of it or nothing.
    ///
    /// @param source in words, where the rows come from
    public Redrives.Redriven redrive(RedriveFilter filter, String source, Order order) {
        try {
            return transaction.execute(_ -> {
                Redrives.Redriven redriven =
                        redrives.redrive(filter, order.by(), order.reason(), source);
                if (redriven.rows() == 0) {
                    throw new Contradiction(
                            "nothing is left to redrive; `reconciler redrive --dry-run` tells why");
                }
                trail.append(
                        order.event(
                                "redriven",
                                "change set " + redriven.set(),
                                redriven.rows() + " rows, " + source));
                return redriven;
            });
        } catch (DuplicateKeyException twice) {
            throw new Contradiction(
                    "another redrive of the same rows is under way; look at `reconciler redrive --dry-run` again");
        }
    }

    /// Lets a change go that was set aside, and with it what is applied with it or not at all: it
    /// waits for a run again. What may have been sent is read back before it is sent.
    ///
    /// @return how many others were let go with it
    public int letGo(long change, Order order) {
        return transaction.execute(_ -> {
            demandFit(change);
            List<Long> others =
                    queue.standingWith(change).stream()
                            .filter(other -> setAsides.of(other) != null)
                            .toList();
            others.forEach(setAsides::letGo);
            setAsides.letGo(change);
            trail.append(
                    order.event(
                            "let go",
                            "change " + change,
                            "was set aside" + (others.isEmpty() ? "" : ", with " + others)));
            return others.size();
        });
    }

    private void demandFit(long change) {
        SetAsides.Held held = setAsides.of(change);
        String cancel = ": `reconciler cancel --change " + change + "` closes it";
        if (held == null) {
            throw new Contradiction(
                    "change " + change + " is not set aside; `reconciler status` names what is");
        } else if (held.outcome() != null) {
            throw new Contradiction(
                    "change " + change + " has an outcome already, " + held.outcome() + cancel);
        } else if (held.overtakenBy() != null) {
            throw new Contradiction(
                    "change "
                            + change
                            + " was overtaken by change "
                            + held.overtakenBy()
                            + ", which is in force"
                            + cancel);
        } else if (held.state() == null) {
            throw new Contradiction("change " + change + " is not in the queue any more" + cancel);
        }
    }

    private static String name(@Nullable Long set) {
        return set == null ? "everything" : "change set " + set;
    }

    private static String argument(@Nullable Long set) {
        return set == null ? "--all" : String.valueOf(set);
    }
}
