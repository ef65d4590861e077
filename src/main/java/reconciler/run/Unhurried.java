package reconciler.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Transactions whose statements look at every row of a run, or at all that waits: over ten million
/// rows one of them takes more than the half minute that is enough for a page, and a run that could
/// not count would never get an end.
record Unhurried(DataSource dataSource) {
    /// Also how long nothing may be heard of the database.
    private static final Duration LONGEST = Duration.ofMinutes(15);

    /// In the caller's transaction where there is one.
    <T> T count(Supplier<T> counting) {
        return new TransactionTemplate(new JdbcTransactionManager(dataSource))
                .execute(_ -> {
                    begin();
                    return counting.get();
                });
    }

    /// From here to the end of the caller's transaction.
    void begin() {
        new JdbcTemplate(dataSource).execute((ConnectionCallback<@Nullable Void>) Unhurried::begin);
    }

    /// A database that says nothing is given up by this statement; the next have longer.
    private static @Nullable Void begin(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL statement_timeout = " + LONGEST.toMillis());
        }
        connection.setNetworkTimeout(Runnable::run, Math.toIntExact(LONGEST.toMillis()));
        return null;
    }
}
