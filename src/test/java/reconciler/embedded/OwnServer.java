package reconciler.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import reconciler.database.Database;
import reconciler.database.DatabaseSettings;
import reconciler.database.Migrations;

/// A Postgres of a test's own, with durability on, that can be restarted under a run.
public final class OwnServer implements AutoCloseable {
    private final EmbeddedPostgres server;
    private final Path data;

    private OwnServer(EmbeddedPostgres server, Path data) {
        this.server = server;
        this.data = data;
    }

    /// @param data where its files go
    public static OwnServer start(Path data) {
        try {
            return new OwnServer(
                    EmbeddedPostgres.builder()
                            .setDataDirectory(data)
                            .setCleanDataDirectory(false)
                            .setServerConfig("fsync", "on")
                            .setServerConfig("synchronous_commit", "on")
                            .start(),
                    data);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Settings of a new database with the schema in it.
    public DatabaseSettings freshDatabase(String name) {
        DatabaseSettings settings = database(name);
        execute("CREATE DATABASE " + name);
        try (Database database = Database.open(settings, 2)) {
            new Migrations(database.dataSource()).apply();
        }
        return settings;
    }

    /// Settings of a database that is there.
    public DatabaseSettings database(String name) {
        return new DatabaseSettings(server.getJdbcUrl("postgres", name), "postgres", "");
    }

    public void execute(String sql) {
        try (var connection = server.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (java.sql.SQLException failure) {
            throw new IllegalStateException(sql, failure);
        }
    }

    /// Without a checkpoint, as after a power cut; ends when connections are taken again.
    public void crashAndRestart() {
        pgCtl("restart", "-m", "immediate", "-w", "-l", data.resolve("restarted.log").toString());
    }

    private void pgCtl(String... arguments) {
        try {
            String pid = Files.readAllLines(data.resolve("postmaster.pid")).getFirst();
            Path program = Path.of("/proc", pid, "exe").toRealPath().resolveSibling("pg_ctl");
            var command = new ArrayList<String>();
            if (System.getProperty("user.name").equals("root")) {
                // Postgres refuses to run as root; in a namespace of its own it is nobody.
                command.addAll(List.of("unshare", "-U"));
            }
            command.addAll(List.of(program.toString(), "-D", data.toString()));
            command.addAll(List.of(arguments));
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(data.resolve("pg_ctl.log").toFile())
                            .start();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(Files.readString(data.resolve("pg_ctl.log")));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
