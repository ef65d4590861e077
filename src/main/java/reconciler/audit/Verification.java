package reconciler.audit;

import java.sql.Connection;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Recomputes every leaf, root and seal from the rows, in one pass, on one snapshot, in memory that
/// does not grow with the rows. Nothing of the database is believed but the rows themselves.
public final class Verification {
    /// Every run whose seals may be among those from that moment on is taken whole.
    private static final String FIRST_SEAL =
            """
            WITH wanted AS (
                SELECT min(seal_id) AS seal_id FROM audit.seal WHERE sealed_at >= :since
            )
            SELECT least(w.seal_id,
                         (SELECT min(o.seal_id)
                            FROM audit.seal o
                           WHERE o.kind = 'run-opened' AND o.seal_id < w.seal_id
                             AND NOT EXISTS (SELECT FROM audit.seal c
                                              WHERE c.run_id = o.run_id AND c.kind = 'run-closed'
                                                AND c.seal_id < w.seal_id))) AS first
              FROM wanted w
            """;

    private final JdbcClient jdbc;
    private final TransactionTemplate snapshot;

    public Verification(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
        snapshot = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        snapshot.setReadOnly(true);
        snapshot.setIsolationLevel(Connection.TRANSACTION_REPEATABLE_READ);
    }

    /// What a verification says.
    ///
    /// @param erased outcomes whose values are gone, rightly
    /// @param head the journal's end
    /// @param faults how many
    /// @param first the first of them, the first broken row first; empty when all is as it was
    public record Report(
            long seals,
            long outcomes,
            long attempts,
            long erased,
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
            long from = since == null ? 0 : firstSeal(since);
            try (var walk = new Walk(jdbc, from, new Anchors(anchors))) {
                return walk.walk();
            }
        });
    }

    private long firstSeal(Instant since) {
        return jdbc.sql(FIRST_SEAL)
                .param("since", since.atOffset(ZoneOffset.UTC))
                .query((row, _) ->
                        row.getObject("first", Long.class) == null
                                ? Long.MAX_VALUE
                                : row.getLong("first"))
                .single();
    }
}
