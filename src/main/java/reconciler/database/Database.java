package reconciler.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;

/// The connection pool. A transaction takes its connection with its first statement, not when it
/// begins: a chunk that waits for the API holds none.
public final class Database implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration UNHURRIED = Duration.ofMinutes(10);

    /// A connection on which nothing came for this much longer than a statement may take is gone
    /// without a word.
    private static final Duration BEYOND_STATEMENT = Duration.ofSeconds(2);

    private final HikariDataSource pool;
    private final DataSource lazy;
    private final DatabaseSettings settings;

    private Database(HikariDataSource pool, DatabaseSettings settings, Duration silence) {
        this.pool = pool;
        this.settings = settings;
        this.lazy = lazily(pool, silence);
    }

    /// For commands that somebody waits for: a statement may take as long as the tables are large.
    public static Database open(DatabaseSettings settings, int connections) {
        return open(settings, connections, UNHURRIED);
    }

    /// Connects once, so that a wrong URL, user or password is told here.
    ///
    /// @param connections the most connections held at a time
    /// @param patience the longest a statement may take; a server that says nothing for longer is
    ///   given up
    /// @throws DatabaseUnusable when the first connection fails
    public static Database open(DatabaseSettings settings, int connections, Duration patience) {
        var config = new HikariConfig();
        config.setJdbcUrl(settings.url());
        config.setUsername(settings.user());
        config.setPassword(settings.password());
        config.setPoolName("reconciler");
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(CONNECT_TIMEOUT.toMillis());
        config.addDataSourceProperty("ApplicationName", "reconciler");
        config.addDataSourceProperty("connectTimeout", CONNECT_TIMEOUT.toSeconds());
        config.addDataSourceProperty("tcpKeepAlive", true);
        config.addDataSourceProperty("options", sessionLimits(patience.toMillis()));
        try {
            return new Database(
                    new HikariDataSource(config), settings, patience.plus(BEYOND_STATEMENT));
        } catch (RuntimeException failure) {
            DatabaseUnusable unusable = DatabaseUnusable.of(failure, settings.place());
            throw unusable == null ? failure : unusable;
        }
    }

    public DataSource dataSource() {
        return lazy;
    }

    /// A connection of its own, beside the pool's, that hears what is said on a channel.
    public Doorbell doorbell(String channel) {
        return new Doorbell(settings, channel, CONNECT_TIMEOUT);
    }

    public DatabaseSettings settings() {
        return settings;
    }

    @Override
    public void close() {
        pool.close();
    }

    /// A session whose client is gone without a word, or frozen, would hold its locks for hours.
    /// Ours never idle in a transaction on purpose: a third of the patience is 10 s for a run, and
    /// over before its lease is, so that whoever takes over does not wait for a lock.
    private static String sessionLimits(long millis) {
        return "-c statement_timeout="
                + millis
                + " -c idle_in_transaction_session_timeout="
                + millis / 3;
    }

    private static DataSource lazily(HikariDataSource pool, Duration silence) {
        var proxy = new LazyConnectionDataSourceProxy();
        proxy.setTargetDataSource(new ImpatientPool(pool, silence, System::nanoTime));
        proxy.setDefaultAutoCommit(true);
        proxy.setDefaultTransactionIsolationName("TRANSACTION_READ_COMMITTED");
        proxy.afterPropertiesSet();
        return proxy;
    }
}
