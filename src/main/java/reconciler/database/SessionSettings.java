package reconciler.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;

/// What our statements need of the session they run in, whatever `ALTER SYSTEM`, `ALTER DATABASE`
/// and `ALTER ROLE` say. Set by statements: a pooler refuses most of it in the start-up packet.
///
/// Not overruled is what may be meant: `default_transaction_read_only`, and a `synchronous_commit`
/// that waits for more than `on` does. What only a superuser may set is looked at by [ServerFacts]
/// and by `doctor`.
///
/// @param statement the longest a statement may take
record SessionSettings(Duration statement) {
    /// Functions and operators are qualified: until this is done the search path is not ours.
    private static final String FACTS =
            """
            SELECT session.pooled,
                   pg_catalog.current_setting('server_version_num') AS version,
                   pg_catalog.current_setting('server_encoding') AS encoding,
                   pg_catalog.current_setting('session_replication_role') AS replication_role,
                   pg_catalog.pg_is_in_recovery() AS standby,
                   pg_catalog.current_setting('default_transaction_read_only') AS read_only,
            """;

    /// The last argument of `set_config` is "for this transaction alone".
    private static final String SETTINGS =
            """
                   pg_catalog.set_config('statement_timeout', ?, session.pooled),
                   pg_catalog.set_config('idle_in_transaction_session_timeout', ?, session.pooled),
                   pg_catalog.set_config('lock_timeout', '0', session.pooled),
                   pg_catalog.set_config('idle_session_timeout', '0', session.pooled),
                   pg_catalog.set_config('search_path', 'reconciler', session.pooled),
                   pg_catalog.set_config('default_transaction_isolation', 'read committed', session.pooled),
                   pg_catalog.set_config('default_transaction_deferrable', 'off', session.pooled),
                   pg_catalog.set_config('synchronous_commit',
                       CASE WHEN pg_catalog.current_setting('synchronous_commit') OPERATOR(pg_catalog.=) 'remote_apply'
                            THEN 'remote_apply' ELSE 'on' END, session.pooled),
                   pg_catalog.set_config('client_encoding', 'UTF8', session.pooled),
                   pg_catalog.set_config('standard_conforming_strings', 'on', session.pooled),
                   pg_catalog.set_config('backslash_quote', 'safe_encoding', session.pooled),
                   pg_catalog.set_config('transform_null_equals', 'off', session.pooled),
                   pg_catalog.set_config('array_nulls', 'on', session.pooled),
                   pg_catalog.set_config('DateStyle', 'ISO, MDY', session.pooled),
                   pg_catalog.set_config('IntervalStyle', 'postgres', session.pooled),
                   pg_catalog.set_config('TimeZone', 'UTC', session.pooled),
                   pg_catalog.set_config('bytea_output', 'hex', session.pooled),
                   pg_catalog.set_config('extra_float_digits', '1', session.pooled),
                   pg_catalog.set_config('row_security', 'off', session.pooled),
                   pg_catalog.set_config('default_table_access_method', 'heap', session.pooled),
                   pg_catalog.set_config('default_tablespace', '', session.pooled),
                   pg_catalog.set_config('client_min_messages', 'warning', session.pooled),
                   pg_catalog.set_config('quote_all_identifiers', 'off', session.pooled),
                   pg_catalog.set_config('jit', 'off', session.pooled)
            """;

    private static final String SINCE_17 =
            """
                   , pg_catalog.set_config('transaction_timeout', '0', session.pooled)
            """;

    private static final String OF_A_CONNECTION =
            """
              FROM (SELECT COALESCE(?, pg_catalog.pg_backend_pid() OPERATOR(pg_catalog.<>) ?)) AS session (pooled)
            """;

    private static final String OF_A_TRANSACTION =
            """
              FROM (SELECT true) AS session (pooled)
            """;

    /// Sets them for the session, unless a pooler hands sessions around, and says how the server is
    /// set up.
    ///
    /// @param connection not in a transaction
    /// @param announced the id of the server's process, as it was told with the connection
    ServerFacts ofConnection(Connection connection, int announced, Pooler pooler)
            throws SQLException {
        String sql = FACTS + settings(connection) + OF_A_CONNECTION;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bindTimeouts(statement);
            statement.setObject(3, pooler.told(), Types.BOOLEAN);
            statement.setInt(4, announced);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return ServerFacts.of(row);
            }
        }
    }

    /// Sets them for the transaction that begins with this, in one round trip.
    ///
    /// @param isolation one of [Connection]'s; is set before the rest, which is a query
    void ofTransaction(Connection connection, int isolation) throws SQLException {
        String sql = isolation(isolation) + "SELECT" + settings(connection) + OF_A_TRANSACTION;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bindTimeouts(statement);
            statement.execute();
        }
    }

    private void bindTimeouts(PreparedStatement statement) throws SQLException {
        statement.setString(1, String.valueOf(this.statement.toMillis()));
        statement.setString(2, String.valueOf(idleInTransaction().toMillis()));
    }

    /// A session whose client is gone without a word, or frozen, would hold its locks for hours.
    /// Ours never idle in a transaction on purpose: a third of the patience is 10 s for a run, and
    /// over before its lease is, so that whoever takes over does not wait for a lock.
    private Duration idleInTransaction() {
        return statement.dividedBy(3);
    }

    private static String settings(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion() < 17
                ? SETTINGS
                : SETTINGS + SINCE_17;
    }

    private static String isolation(int level) {
        return switch (level) {
            case Connection.TRANSACTION_REPEATABLE_READ ->
                    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; ";
            case Connection.TRANSACTION_SERIALIZABLE ->
                    "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; ";
            default -> "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; ";
        };
    }
}
