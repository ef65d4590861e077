package reconciler.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// The Postgres that everybody is measured on: with fsync and synchronous commit, or not at all.
final class BenchServer implements AutoCloseable {
    private final @Nullable EmbeddedPostgres own;
    private final String url;
    private final JdbcClient jdbc;
    private int databases;

    private BenchServer(@Nullable EmbeddedPostgres own, String url) {
        this.own = own;
        this.url = url;
        jdbc = JdbcClient.create(new DriverManagerDataSource(url));
    }

    /// A server of its own from the binaries of the product's demo, or the one of the settings.
    static BenchServer start(BenchSettings settings) throws IOException {
        BenchServer server =
                settings.postgres() == null
                        ? own(settings.output())
                        : new BenchServer(null, settings.postgres());
        server.demandDurable();
        return server;
    }

    private static BenchServer own(Path output) throws IOException {
        Files.createDirectories(output);
        EmbeddedPostgres postgres =
                EmbeddedPostgres.builder()
                        .setOverrideWorkingDirectory(output.resolve("postgres").toFile())
                        .setServerConfig("fsync", "on")
                        .setServerConfig("synchronous_commit", "on")
                        .setServerConfig("shared_buffers", "2GB")
                        .setServerConfig("max_wal_size", "8GB")
                        .setServerConfig("logging_collector", "on")
                        .setServerConfig("log_directory", output.resolve("log").toString())
                        .setServerConfig("log_parameter_max_length", "0")
                        .start();
        return new BenchServer(postgres, postgres.getJdbcUrl("postgres", "postgres"));
    }

    private void demandDurable() {
        for (String setting : new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
            String is = jdbc.sql("SHOW " + setting).query(String.class).single();
            if (!is.equals("on")) {
                throw new IllegalStateException(
                        url + ": " + setting + " is " + is + "; the bench wants it on");
            }
        }
    }

    String version() {
        return jdbc.sql("SELECT split_part(version(), ' ', 2)").query(String.class).single();
    }

    /// @param template null: an empty database
    BenchDatabase create(@Nullable BenchDatabase template) {
        String name = "bench_" + ++databases;
        jdbc.sql("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)").update();
        jdbc.sql(
                        "CREATE DATABASE "
                                + name
                                + (template == null ? "" : " TEMPLATE " + template.name()))
                .update();
        return new BenchDatabase(name, url.replaceFirst("(//[^/]+/)[^?]+", "$1" + name));
    }

    void drop(BenchDatabase database) {
        jdbc.sql("DROP DATABASE " + database.name() + " WITH (FORCE)").update();
    }

    /// A database by its name and its URL.
    record BenchDatabase(String name, String url) {
        JdbcClient jdbc() {
            return JdbcClient.create(dataSource());
        }

        DataSource dataSource() {
            return new DriverManagerDataSource(url);
        }

        long count(String query) {
            return jdbc().sql(query).query(Long.class).single();
        }

        /// Several statements; the driver sends them as one.
        void run(String script) {
            try (var connection = DriverManager.getConnection(url);
                    var statement = connection.createStatement()) {
                statement.execute(script);
            } catch (SQLException failure) {
                throw new IllegalStateException(failure);
            }
        }
    }

    /// What a database has used up so far.
    ///
    /// @param wal in bytes, of the whole server
    /// @param cpuSeconds of backends that are gone, as far as the operating system tells
    record Usage(long commits, long wal, double cpuSeconds) {
        Usage since(Usage before) {
            return new Usage(
                    commits - before.commits, wal - before.wal, cpuSeconds - before.cpuSeconds);
        }
    }

    /// Statistics are complete when the backends of the measured process are gone.
    Usage usage(BenchDatabase database) {
        return jdbc.sql(
                        """
                        SELECT xact_commit, pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS wal
                          FROM pg_stat_database WHERE datname = :name
                        """)
                .param("name", database.name())
                .query((row, _) ->
                        new Usage(row.getLong("xact_commit"), row.getLong("wal"), backendCpu()))
                .single();
    }

    /// So that nobody pays for the full-page images of somebody else's pages, and everybody starts
    /// with statistics.
    void settleDown(BenchDatabase database) {
        database.run("VACUUM ANALYZE");
        database.run("CHECKPOINT");
    }

    boolean isBusy(BenchDatabase database) {
        return jdbc.sql("SELECT count(*) FROM pg_stat_activity WHERE datname = :name")
                        .param("name", database.name())
                        .query(Long.class)
                        .single()
                > 0;
    }

    /// The postmaster has the time of its children that are gone.
    private double backendCpu() {
        if (own == null) {
            return Double.NaN;
        }
        try {
            String directory = jdbc.sql("SHOW data_directory").query(String.class).single();
            String pid = Files.readAllLines(Path.of(directory, "postmaster.pid")).getFirst();
            return CpuTime.ofChildren(Long.parseLong(pid.strip()));
        } catch (IOException unknown) {
            return Double.NaN;
        }
    }

    @Override
    public void close() throws IOException {
        if (own != null) {
            own.close();
        }
    }
}
