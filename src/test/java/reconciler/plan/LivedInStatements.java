package reconciler.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.audit.AuditTrail;
import reconciler.audit.AuditView;
import reconciler.audit.EventView;
import reconciler.audit.OutcomeView;
import reconciler.change.ChangeState;
import reconciler.change.Lane;
import reconciler.change.ParticipantRole;
import reconciler.database.Database;
import reconciler.embedded.LivedInQueue;
import reconciler.outcome.Attempt;
import reconciler.outcome.ConfirmedBy;
import reconciler.outcome.Disposition;
import reconciler.outcome.Evidence;
import reconciler.outcome.Intent;
import reconciler.outcome.Settlement;
import reconciler.partition.Partition;
import reconciler.queue.ApprovalRule;
import reconciler.queue.Backlogs;
import reconciler.queue.ChangeQueue;
import reconciler.queue.ChangeSetView;
import reconciler.queue.ClaimedIntent;
import reconciler.queue.ClaimedPage;
import reconciler.queue.DueChanges;
import reconciler.queue.FollowUps;
import reconciler.queue.HandClaim;
import reconciler.queue.OpenIntents;
import reconciler.queue.QueueView;
import reconciler.queue.RedriveFilter;
import reconciler.queue.Redrives;
import reconciler.queue.Scope;
import reconciler.queue.SetAsides;
import reconciler.run.JobFile;

/// What the product asks of a queue that has lived, one statement or a few that go together, as the
/// product calls them. What is changed is put back, but for a page that is settled.
final class LivedInStatements {
    private static final Partition CONTACTS =
            new Partition(new ParticipantRole("contact"), 0, 0, Partition.BUCKETS);

    private static final JobFile JOB = JobFile.parse("nightly.yml", "job: nightly\n");

    private static final int PAGE = 200;

    private static final String SET_SOME_ASIDE =
            """
            INSERT INTO reconciler.set_aside (change_id, conversation_id, participant_id, attribute_name, reason, sent)
            SELECT c.id, c.conversation_id, c.participant_id, c.attribute_name, 'measured', false
              FROM (SELECT c.id, c.conversation_id, c.participant_id, c.attribute_name
                      FROM reconciler.attribute_change c
                     WHERE c.state = 'PENDING' AND c.participant_role = 'contact'
                     ORDER BY c.participant_role, c.bucket, c.participant_id, c.id
                     LIMIT 50) AS c
            RETURNING change_id
            """;

    private final LivedInQueue queue;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final ChangeQueue changes;
    private final ChangeQueue express;
    private final OpenIntents intents;
    private final DueChanges due;
    private final AuditTrail trail;
    private final AuditView audit;
    private final SetAsides setAsides;
    private final Drafts drafts;
    private final PlanFigures figures;
    private final Scope scope;
    private final Scope approvedOnly;
    private final Scope smallSets;
    private final Database sessions;
    private final List<One> all = new ArrayList<>();

    /// @param most blocks a row
    /// @param work does it, and says to how many rows
    record One(String name, int most, LongSupplier work) {}

    LivedInStatements(LivedInQueue queue, Database sessions) {
        this.queue = queue;
        this.sessions = sessions;
        var dataSource = sessions.dataSource();
        jdbc = JdbcClient.create(dataSource);
        transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        changes = new ChangeQueue(dataSource);
        express = new ChangeQueue(dataSource, Lane.EXPRESS);
        intents = new OpenIntents(dataSource);
        due = new DueChanges(dataSource);
        trail = new AuditTrail(dataSource);
        audit = new AuditView(dataSource);
        setAsides = new SetAsides(dataSource);
        drafts = new Drafts(dataSource);
        figures = new PlanFigures(dataSource);
        scope = due.scopeNow(Set.of(), new ApprovalRule.None());
        approvedOnly = due.scopeNow(Set.of(), new ApprovalRule.Required());
        smallSets = due.scopeNow(Set.of(), new ApprovalRule.When(100, List.of()));
        claims();
        counts();
        people();
        plans();
        records();
    }

    List<One> all() {
        return all;
    }

    private void add(String name, int most, LongSupplier work) {
        all.add(new One(name, most, work));
    }

    private void claims() {
        add(
                "claim 2,000 rows by pages, give them back",
                80,
                () -> {
                    long rows = 0;
                    ClaimedPage.Position after = null;
                    List<ClaimedPage> pages = new ArrayList<>();
                    while (rows < 2_000) {
                        ClaimedPage page = changes.claim(CONTACTS, scope, after, PAGE);
                        after = page.end();
                        rows += page.rows().size();
                        pages.add(page);
                    }
                    pages.forEach(page -> settle(page, false));
                    return rows;
                });
        add(
                "claim a page with approvals",
                80,
                () -> {
                    ClaimedPage page = changes.claim(CONTACTS, approvedOnly, null, PAGE);
                    settle(page, false);
                    return page.rows().size();
                });
        add(
                "settle a page, with its record",
                90,
                () -> {
                    ClaimedPage page = changes.claim(CONTACTS, scope, null, PAGE);
                    settle(page, true);
                    return page.rows().size();
                });
        add(
                "claim what is urgent, give it back",
                90,
                () -> {
                    ClaimedPage page =
                            express.claimUrgent(
                                    scope, null, scope.asOf().plus(Duration.ofDays(2)), 20);
                    settle(page, false);
                    return page.rows().size();
                });
        add(
                "claim a row by hand, give it back",
                250,
                () -> {
                    HandClaim claim = changes.claim(queue.firstPending() + 4_001, scope);
                    if (!(claim instanceof HandClaim.Taken(ClaimedPage page))) {
                        return 0;
                    }
                    settle(page, false);
                    return page.rows().size();
                });
        add(
                "recover what a dead run left",
                80,
                () -> {
                    ClaimedPage page = changes.claim(CONTACTS, scope, null, PAGE);
                    open(page);
                    return transaction.execute(_ -> {
                        intents.all();
                        int rows = changes.reclaim().all();
                        intents.closeAll();
                        return (long) rows;
                    });
                });
    }

    private void open(ClaimedPage page) {
        intents.open(
                1,
                page.claim(),
                page.rows().stream()
                        .map(row ->
                                new ClaimedIntent(
                                        page.claim(),
                                        new Intent(
                                                Attempt.Purpose.PATCH,
                                                row.change().participant(),
                                                List.of(row.change().id()),
                                                "PATCH",
                                                "/",
                                                null)))
                        .toList());
    }

    private void settle(ClaimedPage page, boolean applied) {
        if (page.rows().isEmpty()) {
            return;
        }
        open(page);
        List<Settlement> settlements =
                page.rows().stream().map(row -> settlement(row, applied)).toList();
        transaction.executeWithoutResult(_ -> {
            changes.settle(page.claim(), settlements);
            if (applied) {
                trail.append(1, "contact-0", page.claim(), List.of(), settlements);
            }
            intents.close(page.claim());
        });
    }

    private static Settlement settlement(ClaimedPage.Row row, boolean applied) {
        return new Settlement(
                row.change(),
                applied
                        ? new Disposition.Settled(ChangeState.APPLIED, ConfirmedBy.ANSWER)
                        : new Disposition.Released(),
                applied ? 1 : 0,
                false,
                Evidence.NONE,
                null,
                null);
    }

    private void counts() {
        add(
                "begin: horizon and sets that need no approval",
                10,
                () -> {
                    due.scopeNow(Set.of(), new ApprovalRule.When(100, List.of()));
                    return LivedInQueue.PENDING;
                });
        add(
                "count what is due by role",
                10,
                () -> {
                    due.byRole(scope);
                    return LivedInQueue.PENDING;
                });
        add(
                "count what is due, by approvals",
                20,
                () -> {
                    due.byRole(approvedOnly);
                    return LivedInQueue.PENDING;
                });
        add(
                "count what is due in small sets",
                20,
                () -> {
                    due.byRole(smallSets);
                    return LivedInQueue.PENDING;
                });
        add(
                "forecast",
                10,
                () -> {
                    due.forecast(scope);
                    return LivedInQueue.PENDING;
                });
        add(
                "count what lapsed",
                20,
                () -> {
                    due.lapsed(approvedOnly);
                    return LivedInQueue.PENDING;
                });
        add(
                "count what waits for approval",
                20,
                () -> {
                    due.unapproved(approvedOnly);
                    return LivedInQueue.PENDING;
                });
        add(
                "count what is paused, let go, left to the lane",
                30,
                () -> {
                    due.paused(scope);
                    due.letGoSince(scope);
                    due.leftToExpressLane(scope);
                    return LivedInQueue.PENDING;
                });
        add(
                "count what was cancelled meanwhile",
                60,
                () -> {
                    due.cancelledSince(scope);
                    return 1;
                });
        // Over what was claimed and given back since the last vacuum, once.
        add(
                "is anything still due",
                6_000,
                () -> {
                    due.isStillDue(CONTACTS, scope);
                    return 1;
                });
        add(
                "is anything urgent",
                60,
                () -> {
                    due.isUrgent(scope, scope.asOf().plus(Duration.ofDays(2)));
                    return 1;
                });
        add(
                "ranks of a partition",
                10,
                () -> {
                    due.ranks(CONTACTS, scope);
                    return LivedInQueue.PENDING;
                });
    }

    private void people() {
        var backlogs = new Backlogs(sessions.dataSource());
        var view = new QueueView(sessions.dataSource());
        var sets = new ChangeSetView(sessions.dataSource());
        var redrives = new Redrives(sessions.dataSource());
        var outcomes = new OutcomeView(sessions.dataSource());
        long change = queue.firstPending() + 4_000;
        add(
                "status: the backlog",
                30,
                () -> {
                    backlogs.look(approvedOnly, 5);
                    return LivedInQueue.PENDING;
                });
        add(
                "status: what is in flight",
                600,
                () -> {
                    view.inFlight(Lane.RUN);
                    return 1;
                });
        add(
                "sets: the last two",
                10,
                () -> {
                    sets.last(2);
                    return LivedInQueue.PENDING;
                });
        add(
                "explain: what one change waits for",
                100,
                () -> {
                    backlogs.causeOf(change, approvedOnly);
                    return 1;
                });
        add(
                "explain: one change",
                60,
                () -> {
                    view.find(change);
                    view.standingWith(change);
                    return 1;
                });
        add(
                "explain: outcome, requests, plans, events",
                150,
                () -> {
                    outcomes.of(queue.settled());
                    outcomes.attempts(queue.recorded() / 10);
                    new Forecasted(sessions.dataSource()).of(change);
                    new EventView(sessions.dataSource())
                            .about(List.of("change " + change, "run 1"));
                    return 1;
                });
        add(
                "explain: all of a participant",
                200,
                () -> {
                    view.ofParticipant(
                            changes.read(change).getFirst().participant().participantId());
                    view.ofParticipant(
                            changes.read(queue.settled()).getFirst().participant().participantId());
                    return 1;
                });
        add("cancel one change", 250, () -> rolledBack(() -> changes.cancel(change).size()));
        add(
                "cancel 500 rows of a set",
                150,
                () -> rolledBack(() -> changes.cancel(queue.firstPendingSet(), 0, 500).size()));
        var everything = new RedriveFilter(null, null, RedriveFilter.POSSIBLE, null, 100);
        var oneSet =
                new RedriveFilter(null, 1L, EnumSet.of(ChangeState.FAILED), null, Long.MAX_VALUE);
        var oneRun =
                new RedriveFilter(1L, null, EnumSet.of(ChangeState.FAILED), null, Long.MAX_VALUE);
        add(
                "redrive: judge everything that failed",
                60,
                () -> {
                    redrives.judge(everything);
                    return queue.recorded() / 5_000;
                });
        add(
                "redrive: a set's, a run's",
                100,
                () -> {
                    redrives.judge(oneSet);
                    redrives.judge(oneRun);
                    return 20;
                });
        add(
                "redrive: queue a set's failures",
                300,
                () -> rolledBack(() -> redrives.redrive(oneSet, "kim", "why", "redrive").rows()));
        add(
                "stop, resume: what a set is",
                10,
                () -> {
                    sets.standing(queue.firstPendingSet());
                    return LivedInQueue.PENDING / 2;
                });
    }

    private long rolledBack(LongSupplier work) {
        return transaction.execute(status -> {
            status.setRollbackOnly();
            return work.getAsLong();
        });
    }

    private void plans() {
        var sets = new PlannableSets(sessions.dataSource());
        var plans = new Plans(sessions.dataSource());
        long set = queue.firstPendingSet() + 1;
        long rows = LivedInQueue.PENDING / 2;
        add("plan a set: its rows", 60, () -> rolledBack(() -> plan(set)));
        add("plan what is due: its rows", 60, () -> rolledBack(() -> plan(null)));
        add(
                "plan a set: pages, figures, seal",
                80,
                () ->
                        rolledBack(() -> {
                            Drafts.Draft draft = draft(set);
                            drafts.addRows(draft);
                            for (int after = 0; after < rows; after += 500) {
                                drafts.record(
                                        draft,
                                        drafts.page(draft, after, 500).stream()
                                                .map(row ->
                                                        Judgement.known(row, Finding.UNREADABLE))
                                                .toList());
                            }
                            figures.counts(draft.id());
                            figures.notDue(draft);
                            figures.atomic(draft);
                            figures.estimate(draft, 1, Instant.now());
                            drafts.seal(draft);
                            plans.pending(draft.id());
                            plans.isOutgrown(draft.id());
                            plans.isWhole(draft.id());
                            return rows;
                        }));
        add(
                "plan: whether a set waits",
                10,
                () -> {
                    sets.demandPending(set);
                    return rows;
                });
        var traces = new Traces(sessions.dataSource());
        add(
                "undo, verify: what a set left, by pages",
                60,
                () -> {
                    long found = 0;
                    var after = new java.util.UUID(0, 0);
                    List<InForce> page =
                            traces.page(new Traces.Of(queue.undoableSet(), null, true), after, 500);
                    while (!page.isEmpty()) {
                        found += page.size();
                        after = page.getLast().participant().conversationId();
                        page =
                                traces.page(
                                        new Traces.Of(queue.undoableSet(), null, true), after, 500);
                    }
                    return found;
                });
        var followUps = new FollowUps(sessions.dataSource());
        List<Long> undone = new ArrayList<>();
        for (int i = 0; i < LivedInQueue.UNDOABLE; i++) {
            undone.add(queue.settled() + 1 + i);
        }
        add(
                "undo: queue it",
                120,
                () ->
                        rolledBack(() -> {
                            followUps.lock(queue.undoableSet());
                            followUps.undoing(queue.undoableSet());
                            followUps.back(queue.undoableSet(), undone, "kim", "why");
                            followUps.again(undone, "kim", "why");
                            return 2 * undone.size();
                        }));
    }

    private Drafts.Draft draft(Long set) {
        return drafts.open(
                new PlanRequest(JOB, set, null, Duration.ofDays(1), "kim"), scope, "https://api");
    }

    private long plan(Long set) {
        return drafts.addRows(draft(set)).rows();
    }

    private void records() {
        add(
                "a run's end, with its counts",
                30,
                () -> {
                    rolledBack(() -> {
                        trail.close(2, 0, "done", 0);
                        return 1;
                    });
                    return Math.min(50_000, queue.recorded());
                });
        add(
                "a run's report",
                30,
                () -> {
                    audit.counts(2);
                    audit.appliedWithoutRequest(2);
                    audit.reasons(2, 5);
                    return Math.min(50_000, queue.recorded());
                });
        add(
                "what the express lane settled meanwhile, who died",
                120,
                () -> {
                    audit.settledByExpressLane(scope.asOf(), scope.horizon());
                    trail.unfinishedRuns(Lane.RUN);
                    return 1;
                });
        add(
                "50 rows set aside with their events, looked at, closed",
                240,
                () ->
                        rolledBack(() -> {
                            List<Long> some = jdbc.sql(SET_SOME_ASIDE).query(Long.class).list();
                            setAsides.first(PAGE);
                            some.forEach(setAsides::of);
                            setAsides.withOutcome(some);
                            setAsides.heldSince(Instant.EPOCH);
                            some.forEach(change -> audit.sinceLastPatch(participantOf(change)));
                            some.forEach(setAsides::close);
                            return some.size();
                        }));
    }

    private UUID participantOf(long change) {
        return jdbc.sql("SELECT participant_id FROM reconciler.attribute_change WHERE id = :id")
                .param("id", change)
                .query(UUID.class)
                .single();
    }
}
