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
    private final Sessions sessions;

    private Database(
            HikariDataSource pool, DatabaseSettings settings, Sessions sessions, Duration silence) {
        this.pool = pool;
        this.settings = settings;
        this.sessions = sessions;
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
        var sessions =
                new Sessions(settings.connector(CONNECT_TIMEOUT), settings.pooler(), patience);
        var config = new HikariConfig();
        config.setDataSource(sessions);
        config.setPoolName("reconciler");
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(CONNECT_TIMEOUT.toMillis());
        try {
            return new Database(
                    new HikariDataSource(config),
                    settings,
                    sessions,
                    patience.plus(BEYOND_STATEMENT));
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

    /// Whether what is said here is heard where a doorbell listens.
    public boolean hearsItself() {
        return new EchoTest(lazy, this::doorbell).passes();
    }

    public DatabaseSettings settings() {
        return settings;
    }

    /// How the server is set up, as of the latest connection.
    public ServerFacts server() {
        return sessions.facts();
    }

    @Override
    public void close() {
        pool.close();
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
