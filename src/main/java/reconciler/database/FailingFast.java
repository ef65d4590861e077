package reconciler.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/// After somebody has waited for a connection in vain, others are refused at once for a while. A
/// run that has lost its database asks many times on its way out; each wait would be as long as the
/// first.
final class FailingFast extends DelegatingDataSource {
    private static final long WHILE = Duration.ofSeconds(5).toNanos();

    private final LongSupplier nanoTime;
    private volatile long refusingUntil;

    FailingFast(DataSource pool, LongSupplier nanoTime) {
        super(pool);
        this.nanoTime = nanoTime;
        this.refusingUntil = nanoTime.getAsLong();
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (refusingUntil - nanoTime.getAsLong() > 0) {
            throw new SQLTransientConnectionException(
                    "somebody waited for a connection in vain a moment ago");
        }
        try {
            return super.getConnection();
        } catch (SQLTransientConnectionException inVain) {
            refusingUntil = nanoTime.getAsLong() + WHILE;
            throw inVain;
        }
    }
}
