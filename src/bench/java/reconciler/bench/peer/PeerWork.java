package reconciler.bench.peer;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;

/// What a peer is given.
///
/// @param inFlight how many calls it may have out at once
/// @param requests for the bare loop, which has no rows
record PeerWork(DataSource dataSource, PeerApi api, int inFlight, int requests) {
    /// Twice what HikariCP's own sizing page recommends for two cores, and nobody waits for long.
    private static final int CONNECTIONS = 10;

    static PeerWork of(PeerSettings settings) {
        var pool = new HikariConfig();
        pool.setJdbcUrl(settings.databaseUrl());
        pool.setMaximumPoolSize(CONNECTIONS);
        pool.addDataSourceProperty("reWriteBatchedInserts", true);
        return new PeerWork(
                new HikariDataSource(pool),
                new PeerApi(settings.apiUrl(), settings.token(), settings.inFlight()),
                settings.inFlight(),
                settings.requests());
    }

    PeerTables tables() {
        return new PeerTables(dataSource);
    }
}
