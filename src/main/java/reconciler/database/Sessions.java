package reconciler.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.springframework.jdbc.datasource.AbstractDataSource;

/// Connects to Postgres, directly or through a pooler, so that every statement finds the session as
/// [SessionSettings] wants it.
final class Sessions extends AbstractDataSource {
    private static final int OLDEST = 15;

    /// Never a statement with a name: the session that knows it may be another's next time.
    private static final int UNNAMED = 0;

    private final Connector connector;
    private final Pooler pooler;
    private final SessionSettings wanted;
    private volatile @Nullable ServerFacts facts;

    /// @param statement the longest a statement may take
    Sessions(Connector connector, Pooler pooler, Duration statement) {
        this.connector = connector;
        this.pooler = pooler;
        this.wanted = new SessionSettings(statement);
    }

    /// How the server was set up when the latest connection was made.
    ServerFacts facts() {
        return Objects.requireNonNull(facts, "no connection was made yet");
    }

    /// @throws SQLException caused by a [DatabaseUnusable] where it is known what is wrong
    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = connector.connect();
        try {
            return prepared(connection);
        } catch (SQLException | RuntimeException failure) {
            connection.abort(Runnable::run);
            throw failure;
        }
    }

    @Override
    public Connection getConnection(String user, String password) {
        throw new UnsupportedOperationException("all connections are those of one user");
    }

    private Connection prepared(Connection connection) throws SQLException {
        if (connection.getMetaData().getDatabaseMajorVersion() < OLDEST) {
            throw connector.refused(
                    "is Postgres "
                            + connection.getMetaData().getDatabaseProductVersion()
                            + ", which is too old: use 15 or newer");
        }
        var session = connection.unwrap(PGConnection.class);
        int threshold = session.getPrepareThreshold();
        session.setPrepareThreshold(UNNAMED);
        ServerFacts found = wanted.ofConnection(connection, session.getBackendPID(), pooler);
        String obstacle = found.obstacle();
        if (obstacle != null) {
            throw connector.refused(obstacle);
        }
        facts = found;
        if (found.pooled()) {
            return PooledConnection.over(connection, wanted);
        }
        session.setPrepareThreshold(threshold);
        return connection;
    }
}
