package reconciler.cli;

import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import reconciler.audit.AuditView;
import reconciler.audit.AuditView.RunRow;
import reconciler.change.Lane;
import reconciler.pace.RateView;
import reconciler.queue.ApprovalRule;
import reconciler.queue.Backlogs;
import reconciler.queue.DueChanges;
import reconciler.queue.PausedSets;
import reconciler.queue.QueueView;
import reconciler.queue.Scope;
import reconciler.queue.SetAsides;
import reconciler.run.InvalidJobFile;
import reconciler.run.JobFile;
import reconciler.run.JobFiles;
import reconciler.run.Leases;

/// Looks at how everything stands.
record Situations(DataSource dataSource, JobFiles jobs) {
    private static final int UNAPPROVED_SETS = 5;
    private static final int ROWS_ASIDE = 20;

    /// @param job whose rules count while no run is under way
    /// @param runs so many of the last ones
    Situation look(String job, int runs) {
        var leases = new Leases(dataSource);
        Situation.@Nullable UnderWay underWay = underWay(leases);
        String name = underWay == null || underWay.job() == null ? job : underWay.job();
        @Nullable JobFile file = null;
        @Nullable String unknown = null;
        try {
            file = jobs.load(name);
        } catch (InvalidJobFile invalid) {
            unknown = invalid.getMessage();
        }
        Scope scope =
                new DueChanges(dataSource)
                        .scopeNow(
                                Set.of(),
                                file == null ? new ApprovalRule.None() : file.select().approval());
        return new Situation(
                scope.asOf(),
                underWay,
                express(),
                new Backlogs(dataSource).look(scope, UNAPPROVED_SETS),
                new RateView(dataSource).paused(),
                new PausedSets(dataSource).all(),
                aside(),
                new AuditView(dataSource).runs(null, runs),
                new Situation.OfJob(name, file == null ? null : file.schedule(), unknown),
                Takers.among(jobs));
    }

    private Situation.Aside aside() {
        var setAsides = new SetAsides(dataSource);
        return new Situation.Aside(setAsides.count(), setAsides.first(ROWS_ASIDE));
    }

    private Situation.@Nullable Express express() {
        Leases.Holder holder = new Leases(dataSource, Lane.EXPRESS).holder();
        return holder == null || !holder.isAlive()
                ? null
                : new Situation.Express(holder, new QueueView(dataSource).inFlight(Lane.EXPRESS));
    }

    private Situation.@Nullable UnderWay underWay(Leases leases) {
        Leases.Holder holder = leases.holder();
        if (holder == null || !holder.isAlive()) {
            return null;
        }
        @Nullable RunRow run =
                holder.runId() == null ? null : new AuditView(dataSource).run(holder.runId());
        return new Situation.UnderWay(
                Objects.requireNonNull(holder),
                run == null ? null : run.job(),
                leases.pulse(holder),
                leases.stopRequest());
    }
}
