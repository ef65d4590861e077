package reconciler.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/// A pool that does not wait for ever.
///
/// A connection on which nothing is heard for the length of `silence` is given up; the driver's own
/// `socketTimeout` is lost on its way through the pool (`DatabaseTest`). And after somebody has
/// waited for a connection in vain, others are refused at once for a while: a run that has lost its
/// database asks many times on its way out, and each wait would be as long as the first.
final class ImpatientPool extends DelegatingDataSource {
    private static final long WHILE = Duration.ofSeconds(5).toNanos();

    private final int silence;
    private final LongSupplier nanoTime;
    private volatile long refusingUntil;

    ImpatientPool(DataSource pool, Duration silence, LongSupplier nanoTime) {
        super(pool);
        this.silence = Math.toIntExact(silence.toMillis());
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
            Connection connection = super.getConnection();
            connection.setNetworkTimeout(Runnable::run, silence);
            return connection;
        } catch (SQLTransientConnectionException inVain) {
            refusingUntil = nanoTime.getAsLong() + WHILE;
            throw inVain;
        }
    }
}
