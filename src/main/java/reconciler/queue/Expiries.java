package reconciler.queue;

import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.change.ChangeState;
import reconciler.outcome.Disposition;
import reconciler.outcome.Evidence;
import reconciler.outcome.Settlement;

/// Whether an apply-by has passed: the database says so, by its own clock and the row as it stands.
/// A process that only knows about what time it is there leaves a row unsent when its apply-by may
/// have passed, and no row ends EXPIRED before it has.
public final class Expiries {
    private static final String PASSED =
            "SELECT id FROM reconciler.attribute_change WHERE id = ANY (:ids) AND apply_by <= clock_timestamp()";

    private final JdbcClient jdbc;

    public Expiries(DataSource dataSource) {
        jdbc = JdbcClient.create(dataSource);
    }

    /// The settlements with what is EXPIRED too early put back as it was, in the caller's
    /// transaction.
    public List<Settlement> decide(List<Settlement> settlements) {
        Long[] ids =
                settlements.stream()
                        .filter(Expiries::isExpired)
                        .map(settlement -> settlement.change().id())
                        .toArray(Long[]::new);
        if (ids.length == 0) {
            return settlements;
        }
        Set<Long> passed =
                jdbc.sql(PASSED).param("ids", ids).query((row, _) -> row.getLong("id")).set();
        return settlements.stream()
                .map(settlement ->
                        isExpired(settlement) && !passed.contains(settlement.change().id())
                                ? released(settlement)
                                : settlement)
                .toList();
    }

    private static boolean isExpired(Settlement settlement) {
        return settlement.disposition() instanceof Disposition.Settled end
                && end.state() == ChangeState.EXPIRED;
    }

    private static Settlement released(Settlement early) {
        return new Settlement(
                early.change(),
                new Disposition.Released(),
                early.attempts(),
                early.inDoubt(),
                Evidence.NONE,
                early.before(),
                early.correctedRole());
    }
}
