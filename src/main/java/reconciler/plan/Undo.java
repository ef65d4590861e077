package reconciler.plan;

import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.audit.AuditTrail;
import reconciler.audit.Event;
import reconciler.audit.RunStart;
import reconciler.patch.ApiSettings;
import reconciler.queue.FollowUps;
import reconciler.run.JobFile;
import reconciler.run.Looker;
import reconciler.run.Lookout;
import reconciler.run.StopSignal;

/// Takes a change set back: a new set with the values from before, of what nobody changed since.
public final class Undo {
    private final DataSource dataSource;
    private final ApiSettings api;
    private final Looker looker;
    private final FollowUps followUps;
    private final PlannableSets sets;

    public Undo(DataSource dataSource, ApiSettings api, Looker looker) {
        this.dataSource = dataSource;
        this.api = api;
        this.looker = looker;
        followUps = new FollowUps(dataSource);
        sets = new PlannableSets(dataSource);
    }

    /// What taking it back would do.
    ///
    /// @param changes those that would be taken back
    /// @param emptied attributes among them that did not exist before
    public record Report(
            long set,
            Map<UndoVerdict, Long> counts,
            List<Groups.Group<UndoVerdict>> groups,
            long ungrouped,
            List<Long> changes,
            long emptied) {}

    /// Looks, and changes nothing.
    ///
    /// @throws Refusal when the set cannot be taken back
    public Report look(JobFile job, long set, StopSignal stop) {
        sets.demandSettled(set);
        demandNotUndone(set);
        var findings = new UndoFindings();
        try (var lookout = new Lookout(dataSource, api, job, looker, RunStart.Trigger.UNDO, stop)) {
            new Comparison(new Traces(dataSource), lookout)
                    .run(new Traces.Of(set, null, true), UndoFindings::isWorthALook, findings::add);
        }
        return findings.report(set);
    }

    /// Queues what the report says.
    ///
    /// @return the new change set
    /// @throws Refusal when somebody else was faster
    /// @throws reconciler.queue.ErasedMeanwhile when values are gone that the report counts on
    public long queue(Report report, String by, @Nullable String reason) {
        var transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        return transaction.execute(_ -> {
            followUps.lock(report.set());
            demandNotUndone(report.set());
            String why = reason == null ? "undo of change set " + report.set() : reason;
            long set = followUps.back(report.set(), report.changes(), by, why);
            new AuditTrail(dataSource)
                    .append(
                            new Event(
                                    by,
                                    "queued",
                                    "change set " + set,
                                    why,
                                    "undoes change set " + report.set()));
            return set;
        });
    }

    private void demandNotUndone(long set) {
        Long earlier = followUps.undoing(set);
        if (earlier != null) {
            throw new Refusal(
                    "change set "
                            + set
                            + " is taken back by change set "
                            + earlier
                            + " already: `reconciler plan "
                            + earlier
                            + "` shows what is left to do, `reconciler cancel "
                            + earlier
                            + "` withdraws it");
        }
    }
}
