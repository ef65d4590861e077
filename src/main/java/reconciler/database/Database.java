package reconciler.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;

/// The connection pool. A transaction takes its connection with its first statement, not when it
/// begins: a chunk that waits for the API holds none.
public final class Database implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration STATEMENT_TIMEOUT = Duration.ofMinutes(5);

    private final HikariDataSource pool;
    private final DataSource lazy;
    private final DatabaseSettings settings;

    private Database(HikariDataSource pool, DatabaseSettings settings) {
        this.pool = pool;
        this.settings = settings;
        this.lazy = lazily(pool);
    }

    /// Connects once, so that a wrong URL, user or password is told here.
    ///
    /// @param connections the most connections held at a time
    /// @throws DatabaseUnusable when the first connection fails
    public static Database open(DatabaseSettings settings, int connections) {
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
        // Longer than any statement may take: only a connection that is gone without a word gets
        // this far.
        config.addDataSourceProperty(
                "socketTimeout", STATEMENT_TIMEOUT.plus(CONNECT_TIMEOUT).toSeconds());
        config.addDataSourceProperty("tcpKeepAlive", true);
        config.addDataSourceProperty(
                "options", "-c statement_timeout=" + STATEMENT_TIMEOUT.toMillis());
        try {
            return new Database(new HikariDataSource(config), settings);
        } catch (RuntimeException failure) {
            DatabaseUnusable unusable = DatabaseUnusable.of(failure, settings.place());
            throw unusable == null ? failure : unusable;
        }
    }

    public DataSource dataSource() {
        return lazy;
    }

    public DatabaseSettings settings() {
        return settings;
    }

    @Override
    public void close() {
        pool.close();
    }

    private static DataSource lazily(HikariDataSource pool) {
        var proxy = new LazyConnectionDataSourceProxy();
        proxy.setTargetDataSource(pool);
        proxy.setDefaultAutoCommit(true);
        proxy.setDefaultTransactionIsolationName("TRANSACTION_READ_COMMITTED");
        proxy.afterPropertiesSet();
        return proxy;
    }
}
