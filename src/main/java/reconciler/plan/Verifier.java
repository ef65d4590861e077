package reconciler.plan;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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

/// Reads back what was applied and says whether it is still so.
public final class Verifier {
    private final DataSource dataSource;
    private final ApiSettings api;
    private final Looker looker;

    public Verifier(DataSource dataSource, ApiSettings api, Looker looker) {
        this.dataSource = dataSource;
        this.api = api;
        this.looker = looker;
    }

    /// @param drifted the changes whose values are not there any more
    public record Report(Map<Standing, Long> counts, List<Long> drifted, long requests) {
        public long count(Standing standing) {
            return counts.getOrDefault(standing, 0L);
        }

        public boolean isAmiss() {
            return counts.keySet().stream().anyMatch(Standing::isAmiss);
        }
    }

    /// @param set null: every set
    /// @param since what was applied from then on; null: from the beginning
    /// @throws Refusal when there is no such set
    public Report verify(
            JobFile job,
            @Nullable Long set,
            @Nullable Instant since,
            StopSignal stop,
            Consumer<Verified> consumer) {
        if (set != null) {
            new PlannableSets(dataSource).demandExisting(set);
        }
        var counts = new EnumMap<Standing, Long>(Standing.class);
        List<Long> drifted = new ArrayList<>();
        try (var lookout =
                new Lookout(dataSource, api, job, looker, RunStart.Trigger.VERIFY, stop)) {
            new Comparison(new Traces(dataSource), lookout)
                    .run(
                            new Traces.Of(set, since, false),
                            Verified::isWorthALook,
                            (row, sight) -> {
                                Verified verified = Verified.of(row, sight);
                                counts.merge(verified.standing(), 1L, Long::sum);
                                if (verified.standing() == Standing.DRIFTED) {
                                    drifted.add(verified.change());
                                }
                                consumer.accept(verified);
                            });
            return new Report(counts, drifted, lookout.requests());
        }
    }

    /// Queues anew what drifted.
    ///
    /// @param by who asks
    /// @param reason for the audit
    /// @return the new change set
    /// @throws reconciler.queue.ErasedMeanwhile when values are gone that the report counts on
    public long requeue(Report report, String by, String reason) {
        var transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        return transaction.execute(_ -> {
            long set = new FollowUps(dataSource).again(report.drifted(), by, reason);
            new AuditTrail(dataSource)
                    .append(
                            new Event(
                                    by,
                                    "queued",
                                    "change set " + set,
                                    reason,
                                    report.drifted().size() + " rows that drifted"));
            return set;
        });
    }
}
