package reconciler.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The CPU time of the backends of a database's connections, which are on this machine: what other
/// work on it does not disturb. Linux only.
public record DatabaseCpu(DataSource dataSource) {
    /// So far, of those that are connected.
    public long nanos() throws IOException {
        long nanos = 0;
        for (long process :
                JdbcClient.create(dataSource)
                        .sql("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
                        .query(Long.class)
                        .list()) {
            String used = Files.readString(Path.of("/proc/" + process + "/schedstat"));
            nanos += Long.parseLong(used.split(" ", -1)[0]);
        }
        return nanos;
    }
}
