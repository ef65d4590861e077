package reconciler.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.audit.AuditTrail;
import reconciler.audit.Event;
import reconciler.audit.RunStart;
import reconciler.change.Participant;
import reconciler.patch.ApiSettings;
import reconciler.patch.Sight;
import reconciler.queue.DueChanges;
import reconciler.queue.Scope;
import reconciler.run.JobFile;
import reconciler.run.Looker;
import reconciler.run.Lookout;
import reconciler.run.StopSignal;

/// Makes plans: looks at everything that would be changed and changes nothing. However long a plan
/// is, a few hundred conversations of it are in memory at a time.
public final class Planner {
    /// Conversations at a time.
    private static final int PAGE = 500;

    private final DataSource dataSource;
    private final ApiSettings api;
    private final Looker looker;
    private final Drafts drafts;
    private final PlanFigures figures;
    private final PlannableSets sets;
    private final AuditTrail trail;
    private final TransactionTemplate transaction;

    public Planner(DataSource dataSource, ApiSettings api, Looker looker) {
        this.dataSource = dataSource;
        this.api = api;
        this.looker = looker;
        drafts = new Drafts(dataSource);
        figures = new PlanFigures(dataSource);
        sets = new PlannableSets(dataSource);
        trail = new AuditTrail(dataSource);
        transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    }

    /// @param rows is told of each row when it was looked at; the values are kept nowhere
    /// @throws Refusal when the set cannot be planned
    /// @throws reconciler.run.ApiUnusable when the API cannot be looked at
    public PlanReport plan(PlanRequest request, StopSignal stop, Consumer<PlanRow> rows) {
        if (request.set() != null) {
            sets.demandPending(request.set());
        }
        Scope scope = scope(request.job());
        Drafts.Draft draft = drafts.open(request, scope, api.baseUrl().toString());
        Drafts.Extent extent = transaction.execute(_ -> drafts.addRows(draft));
        try (var lookout =
                new Lookout(dataSource, api, request.job(), looker, RunStart.Trigger.PLAN, stop)) {
            if (extent.rows() > 0) {
                lookout.demandReady();
            }
            Groups<Finding> groups = look(draft, extent, lookout, rows);
            return report(draft, extent, groups, lookout.requests());
        }
    }

    private Scope scope(JobFile job) {
        JobFile.Selection select = job.select();
        return new DueChanges(dataSource).scopeNow(Set.copyOf(select.roles()), select.approval());
    }

    private Groups<Finding> look(
            Drafts.Draft draft, Drafts.Extent extent, Lookout lookout, Consumer<PlanRow> shown) {
        var groups = new Groups<Finding>();
        Integer sample = draft.request().sample();
        int last =
                sample == null ? extent.conversations() : Math.min(sample, extent.conversations());
        for (int after = 0; after < last; after += PAGE) {
            List<PlannedRow> rows = drafts.page(draft, after, PAGE);
            List<Judgement> judgements = judge(rows, lookout);
            drafts.record(draft, judgements);
            judgements.forEach(judgement -> groups.add(judgement.kind()));
            judgements.forEach(judgement -> shown.accept(judgement.shown()));
        }
        return groups;
    }

    /// One look for each conversation of which the queue alone does not tell everything.
    private static List<Judgement> judge(List<PlannedRow> rows, Lookout lookout) {
        Map<Integer, Participant> conversations = new LinkedHashMap<>();
        rows.stream()
                .filter(row -> row.known() == null)
                .forEach(row -> conversations.putIfAbsent(row.conversationNo(), row.participant()));
        List<Sight> looks = lookout.look(List.copyOf(conversations.values()));
        Map<Integer, Sight> sights = new LinkedHashMap<>();
        int next = 0;
        for (Integer number : conversations.keySet()) {
            sights.put(number, looks.get(next++));
        }
        List<Judgement> judgements = new ArrayList<>();
        for (PlannedRow row : rows) {
            Finding known = row.known();
            Sight sight = sights.get(row.conversationNo());
            judgements.add(
                    known != null || sight == null
                            ? Judgement.known(row, known == null ? Finding.UNREADABLE : known)
                            : Judgement.of(row, sight));
        }
        return judgements;
    }

    private PlanReport report(
            Drafts.Draft draft, Drafts.Extent extent, Groups<Finding> groups, long requests) {
        Integer sample = draft.request().sample();
        double scale =
                sample == null || sample >= extent.conversations()
                        ? 1
                        : (double) extent.conversations() / sample;
        return new PlanReport(
                extent.rows() == 0 ? null : close(draft),
                extent.rows(),
                figures.counts(draft.id()),
                groups.inOrder(),
                groups.others(),
                figures.notDue(draft),
                figures.atomic(draft),
                requests,
                figures.estimate(draft, scale, draft.scope().asOf()));
    }

    private Plan close(Drafts.Draft draft) {
        @Nullable Plan plan =
                transaction.execute(_ -> {
                    Plan sealed = drafts.seal(draft);
                    if (sealed != null) {
                        trail.append(
                                new Event(
                                        draft.request().by(),
                                        "planned",
                                        sealed.set() == null
                                                ? "job " + sealed.job()
                                                : "change set " + sealed.set(),
                                        null,
                                        "plan " + sealed.name() + " sha256:" + sealed.sha256()));
                    }
                    return sealed;
                });
        if (plan == null) {
            throw new Refusal(
                    "rows of change set "
                            + draft.request().set()
                            + " were cancelled while it was planned: plan it again");
        }
        return plan;
    }
}
