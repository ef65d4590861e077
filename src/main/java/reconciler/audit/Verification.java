package reconciler.audit;

import java.sql.Connection;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Recomputes every leaf, root and seal from the rows, in one pass, on one snapshot, in memory that
/// does not grow with the rows. Nothing of the database is believed but the rows themselves.
public final class Verification {
    private final JdbcClient jdbc;
    private final AuditTrail trail;
    private final TransactionTemplate snapshot;

    public Verification(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
        trail = new AuditTrail(dataSource);
        snapshot = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        snapshot.setReadOnly(true);
        snapshot.setIsolationLevel(Connection.TRANSACTION_REPEATABLE_READ);
    }

    /// What a verification says.
    ///
    /// @param valuesVerified false for a login that does not see values: nothing is said of them
    /// @param erased outcomes whose values are gone, rightly
    /// @param dropped outcomes and attempts that went with months that were let go of
    /// @param anchors how many the journal was held against
    /// @param olderAnchors how many it was not: they are from before the first seal looked at
    /// @param head the journal's end
    /// @param faults how many
    /// @param first the first of them, the first broken row first; empty when all is as it was
    public record Report(
            long seals,
            long outcomes,
            long attempts,
            boolean valuesVerified,
            long erased,
            long dropped,
            int anchors,
            int olderAnchors,
            Head head,
            long faults,
            List<String> first) {
        public boolean isSound() {
            return faults == 0;
        }
    }

    /// Checks everything, or everything sealed since a moment.
    ///
    /// @param since null for everything
    /// @param anchors heads that were kept elsewhere
    public Report verify(@Nullable Instant since, List<Head> anchors) {
        return snapshot.execute(_ -> {
            long from = since == null ? 0 : new SealRanges(jdbc).since(since);
            Head before = since == null ? Head.NONE : trail.head();
            try (var walk = new Walk(jdbc, from, before, new Anchors(anchors, from == 0))) {
                return walk.walk();
            }
        });
    }
}
