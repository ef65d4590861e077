package reconciler.run;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.audit.Event;
import reconciler.audit.Head;
import reconciler.audit.RunStart;
import reconciler.change.Lane;
import reconciler.change.ParticipantRole;
import reconciler.patch.ApiSettings;
import reconciler.patch.AttributePatcher;
import reconciler.queue.ApprovalRule;
import reconciler.queue.PausedSets;
import reconciler.queue.Scope;

/// One pass over what is due, from the lease to the report.
public final class Reconciliation {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciliation.class);

    /// What is claimed ahead may take an eighth of it.
    private static final int SHARE_OF_MEMORY = 8;

    private final RunContext.Records records;
    private final ApiSettings api;
    private final Identity identity;
    private final InstantSource clock;
    private final Patchers patchers;
    private final Unhurried unhurried;

    /// Who we are, for the lease and the audit.
    ///
    /// @param tokens random ones, by each of which one lease is ours
    public record Identity(String host, long pid, String version, Supplier<UUID> tokens) {
        String owner(String job) {
            return "job " + job + " on " + host + ", process " + pid;
        }

        /// For the record of a run that begins now.
        RunStart start(
                JobFile job,
                ApiSettings api,
                long epoch,
                RunStart.Trigger trigger,
                @Nullable Instant scheduledFor,
                String startedBy,
                long planned,
                long horizon) {
            return new RunStart(
                    job.job(),
                    trigger,
                    scheduledFor,
                    startedBy,
                    host,
                    version,
                    job.sha256(),
                    job.text(),
                    approvals(job.select().approval()),
                    api.baseUrl().toString(),
                    api.contract().label(),
                    epoch,
                    planned,
                    horizon);
        }

        private static RunStart.Approvals approvals(ApprovalRule rule) {
            return switch (rule) {
                case ApprovalRule.None _ -> RunStart.Approvals.NONE;
                case ApprovalRule.Required _ -> new RunStart.Approvals(true, null, List.of());
                case ApprovalRule.When(var aboveRows, var attributes) ->
                        new RunStart.Approvals(false, aboveRows, attributes);
            };
        }
    }

    public Reconciliation(
            DataSource dataSource,
            ApiSettings api,
            Identity identity,
            InstantSource clock,
            RandomGenerator random) {
        this.records = RunContext.Records.of(dataSource, Lane.RUN);
        this.api = api;
        this.identity = identity;
        this.clock = clock;
        this.unhurried = new Unhurried(dataSource);
        this.patchers = new Patchers(dataSource, api, random);
    }

    /// Runs to completion, or until `stop` is raised.
    ///
    /// @param watcher is told once, when the run begins
    /// @throws LeaseHeld when another run is under way
    /// @throws AlreadyServed when another process ran this firing of the schedule
    /// @throws ApiUnusable when there is work and the API cannot be worked with; no row was touched
    public RunReport run(RunRequest request, StopSignal stop, Consumer<RunProgress> watcher) {
        JobFile job = request.job();
        try (Lease lease =
                        Lease.acquire(
                                records.leases(),
                                identity.owner(job.job()),
                                identity.tokens().get(),
                                job.api().timeout(),
                                stop);
                AttributePatcher patcher =
                        patchers.open(
                                job, new RunClearance(stop, lease, job.api().timeout()), stop)) {
            demandUnserved(request);
            DeadRuns.Found dead = new DeadRuns(records).bury(lease);
            var _ = new DeadRuns(records.beside()).buryAbandoned(identity.owner(job.job()), stop);
            Scope scope = unhurried.count(() -> scope(request));
            Map<ParticipantRole, Long> planned = unhurried.count(() -> records.due().byRole(scope));
            var tally = new Tally(planned);
            if (tally.total().planned() > 0) {
                demandReady(patcher, request);
            }
            long run =
                    records.open(
                            lease,
                            identity.start(
                                    job,
                                    api,
                                    lease.epoch(),
                                    request.trigger(),
                                    request.scheduledFor(),
                                    request.startedBy(),
                                    tally.total().planned(),
                                    scope.horizon()));
            recordPlan(request, run);
            var context =
                    new RunContext(
                            run,
                            job,
                            scope,
                            lease,
                            stop,
                            tally,
                            new FailureWatch(job, stop),
                            patcher,
                            dispatch(job, patcher, IntentLog.of(records, lease, run, job, stop)),
                            records);
            context.beginPulse();
            context.bookTokens();
            return carryOut(context, dead, watcher);
        }
    }

    /// Two hosts may serve one schedule: the lease lets one of them run at a time, and this one of
    /// them at all.
    private void demandUnserved(RunRequest request) {
        Instant firing = request.scheduledFor();
        if (firing != null && records.auditView().isServed(request.job().job(), firing)) {
            throw new AlreadyServed(request.job().job(), firing);
        }
    }

    /// A run that cannot begin leaves what it sent.
    private void demandReady(AttributePatcher patcher, RunRequest request) {
        try {
            ApiCheck.demandReady(patcher.check());
        } catch (ApiUnusable unusable) {
            var looker = new Looker(identity, request.startedBy());
            LookBook.leave(
                    records.dataSource(),
                    () -> looker.start(request.job(), api, RunStart.Trigger.CHECK),
                    patcher.tokenRequests(),
                    unusable.exitCode(),
                    String.valueOf(unusable.getMessage()));
            throw unusable;
        }
    }

    private Dispatch dispatch(JobFile job, AttributePatcher patcher, IntentLog intents) {
        long share = Runtime.getRuntime().maxMemory() / SHARE_OF_MEMORY;
        return new Dispatch(
                patcher, intents, new Backlog(job.api().inFlight(), share), doubts(job));
    }

    private Doubts doubts(JobFile job) {
        return Doubts.of(records, job.api().timeout());
    }

    private Scope scope(RunRequest request) {
        JobFile.Selection select = request.job().select();
        Scope scope = records.due().scopeNow(Set.copyOf(select.roles()), select.approval());
        return request.plan() == null ? scope : scope.within(request.plan().id());
    }

    private void recordPlan(RunRequest request, long run) {
        RunRequest.PlanToApply plan = request.plan();
        if (plan != null) {
            records.trail()
                    .append(
                            Event.ofPlan(
                                    request.startedBy(),
                                    run,
                                    "plan p_" + plan.id() + " sha256:" + plan.sha256()));
        }
    }

    /// A run of a plan is about its rows alone.
    private long unapproved(Scope scope) {
        return scope.plan() == null ? records.due().unapproved(scope) : 0;
    }

    private RunReport carryOut(
            RunContext context, DeadRuns.Found dead, Consumer<RunProgress> watcher) {
        Instant began = clock.instant();
        watcher.accept(
                new RunProgress(
                        context.run(),
                        context.tally(),
                        () -> context.patcher().statistics(),
                        began,
                        clock));
        var batch = new BatchRun(context);
        Ending ending =
                dead.isNothing() && context.tally().total().planned() == 0
                        ? Ending.nothingToDo()
                        : batch.launch();
        Waiting waiting = unhurried.count(() -> waiting(context));
        ending =
                ending.beside(waiting.paused(), new PausedSets(records.dataSource()).all())
                        .besideUnapproved(waiting.unapproved())
                        .besideDue(context.stop().isRaised() ? 0 : dueUntold(context, waiting))
                        .besideSetAside(waiting.asideNow(), records.setAsides().count());
        long pending =
                waiting.paused()
                        + waiting.due()
                        + waiting.asideNow()
                        + context.tally().total().deferred();
        ending = close(context, ending, pending);
        Head head = records.trail().head();
        LOG.info(
                "run {} of job {}: audit head {}",
                context.run(),
                context.job().job(),
                head.inOneLine());
        return new RunReport(
                context.run(),
                context.job().job(),
                ending.exitCode(),
                ending.explanation(),
                dead.inWords(batch.mended()),
                Duration.between(began, clock.instant()),
                context.tally().byRole(),
                context.tally().total(),
                context.patcher().statistics(),
                unhurried.count(() -> records.auditView().reasons(context.run(), 5)),
                context.lease().clockStep(),
                head);
    }

    /// What of the scope waits when all is done.
    ///
    /// @param asideNow rows that were set aside since it began, and those that wait with them
    private record Waiting(long paused, long due, long unapproved, long asideNow) {}

    /// Without what this run itself gave back: its ending tells of that.
    private static long dueUntold(RunContext context, Waiting waiting) {
        return Math.max(0, waiting.due() - context.tally().total().released());
    }

    private Waiting waiting(RunContext context) {
        Scope scope = context.scope();
        return new Waiting(
                records.due().paused(scope),
                records.due().byRole(scope).values().stream().mapToLong(Long::longValue).sum(),
                unapproved(scope),
                records.setAsides().heldSince(scope.asOf()));
    }

    /// A run that lost its lease leaves its end to be written by the next one.
    private Ending close(RunContext context, Ending ending, long pending) {
        var transaction = new TransactionTemplate(new JdbcTransactionManager(records.dataSource()));
        try {
            transaction.executeWithoutResult(_ -> {
                context.lease().confirm();
                unhurried.begin();
                context.enterTokens();
                int putBack = new DeadRuns(records).settleOwn().all();
                records.trail()
                        .close(
                                context.run(),
                                ending.exitCode().code(),
                                ending.explanation(),
                                pending + putBack);
            });
            return ending;
        } catch (LeaseLost lost) {
            return Ending.of(lost);
        }
    }
}
