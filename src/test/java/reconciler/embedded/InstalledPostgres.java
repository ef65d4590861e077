package reconciler.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reconciler.database.Database;
import reconciler.database.DatabaseSettings;
import reconciler.database.Migrations;

/// A Postgres of Debian's packages: unlike the embedded one it can have a standby, and its clock
/// can be set. The newest that is installed is taken.
public final class InstalledPostgres implements AutoCloseable {
    private static final Path PACKAGES = Path.of("/usr/lib/postgresql");
    private static final Path FAKETIME =
            Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1");

    private static final String CLOCK = "FAKETIME_TIMESTAMP_FILE";

    private final Path data;
    private final int port;
    private final Map<String, String> environment;

    private InstalledPostgres(Path data, Map<String, String> environment) {
        this.data = data;
        this.environment = environment;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Why it cannot be started here; null when it can.
    public static @Nullable String missing() {
        return newest() == null
                ? "pg_basebackup is not installed (Debian: postgresql): no standby to promote"
                : null;
    }

    /// Why its clock cannot be set here; null when it can.
    public static @Nullable String missingClock() {
        return missing() != null || Files.exists(FAKETIME)
                ? missing()
                : "libfaketime is not installed (Debian: faketime): the server's clock cannot be set";
    }

    /// @param directory for its files
    public static InstalledPostgres start(Path directory) {
        return start(directory, Map.of());
    }

    /// One whose clock is set by [#setClock].
    public static InstalledPostgres startWithClock(Path directory) {
        Path clock = directory.resolve("clock");
        write(clock, "+0");
        return start(
                directory,
                Map.of(
                        "LD_PRELOAD",
                        FAKETIME.toString(),
                        CLOCK,
                        clock.toString(),
                        "FAKETIME_NO_CACHE",
                        "1",
                        "FAKETIME_DONT_FAKE_MONOTONIC",
                        "1"));
    }

    private static InstalledPostgres start(Path directory, Map<String, String> environment) {
        var server = new InstalledPostgres(directory.resolve("data"), environment);
        server.execute("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync");
        server.configure(
                "wal_level = replica\nunix_socket_directories = ''\nlisten_addresses = '127.0.0.1'");
        server.launch();
        return server;
    }

    /// A standby that follows this server and has all that it has committed so far.
    public InstalledPostgres standby(Path directory) {
        var standby = new InstalledPostgres(directory.resolve("data"), environment);
        standby.execute(
                "pg_basebackup",
                "-R",
                "-X",
                "stream",
                "-c",
                "fast",
                "-h",
                "127.0.0.1",
                "-p",
                String.valueOf(port),
                "-U",
                "postgres");
        standby.configure("");
        standby.launch();
        return standby;
    }

    private void configure(String lines) {
        write(
                data.resolve("postgresql.conf"),
                "\n" + lines + "\nport = " + port + "\n",
                StandardOpenOption.APPEND);
    }

    /// Once it has crashed.
    public void restart() {
        launch();
    }

    private void launch() {
        execute("pg_ctl", "-w", "-l", data.resolveSibling("server.log").toString(), "start");
    }

    /// As seen from outside: `3600` is an hour ahead, `-3600` one behind. That of its standby too.
    public void setClock(long seconds) {
        write(Path.of(environment.get(CLOCK)), (seconds < 0 ? "" : "+") + seconds + "s");
    }

    /// What the primary commits from now on does not arrive at this standby any more.
    public void cutOff() {
        sql("ALTER SYSTEM SET primary_conninfo = ''");
        sql("SELECT pg_reload_conf()");
    }

    /// This standby takes the primary's place, with what it has.
    public void promote() {
        execute("pg_ctl", "-w", "promote");
    }

    /// How far the standby is that follows this server: whether it has all that was committed here.
    public boolean isFollowed() {
        try (var connection =
                        DriverManager.getConnection(settings("postgres").url(), "postgres", "");
                var statement = connection.createStatement();
                var row =
                        statement.executeQuery(
                                "SELECT count(*) > 0 AND bool_and(replay_lsn >= pg_current_wal_lsn()) FROM pg_stat_replication")) {
            return row.next() && row.getBoolean(1);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /// Without a checkpoint, as after a power cut.
    public void crash() {
        execute("pg_ctl", "-m", "immediate", "-w", "stop");
    }

    public InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", port);
    }

    /// Settings of a new database with the schema in it.
    public DatabaseSettings freshDatabase(String name) {
        sql("CREATE DATABASE " + name);
        DatabaseSettings settings = settings(name);
        try (Database database = Database.open(settings, 2)) {
            new Migrations(database.dataSource()).apply();
        }
        return settings;
    }

    public DatabaseSettings settings(String name) {
        return new DatabaseSettings(
                "jdbc:postgresql://127.0.0.1:" + port + "/" + name + "?user=postgres",
                "postgres",
                "");
    }

    private void sql(String sql) {
        try (var connection =
                        DriverManager.getConnection(settings("postgres").url(), "postgres", "");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException(sql, failure);
        }
    }

    private static @Nullable Path newest() {
        if (!Files.isDirectory(PACKAGES)) {
            return null;
        }
        try (Stream<Path> versions = Files.list(PACKAGES)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("pg_basebackup")))
                    .max(
                            Comparator.comparing(bin ->
                                    Integer.valueOf(bin.getParent().getFileName().toString())))
                    .orElse(null);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void execute(String program, String... arguments) {
        var command = new ArrayList<String>();
        if (System.getProperty("user.name").equals("root")) {
            // Postgres refuses to run as root; in a namespace of its own it is nobody.
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(String.valueOf(newest()) + "/" + program);
        command.addAll(List.of("-D", data.toString()));
        command.addAll(List.of(arguments));
        try {
            Files.createDirectories(data.getParent());
            Path output = data.resolveSibling(program + ".log");
            var builder =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            if (builder.start().waitFor() != 0) {
                throw new IllegalStateException(command + ": " + Files.readString(output));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static void write(Path file, String text, StandardOpenOption... options) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text, options);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Nothing when it has crashed before.
    @Override
    public void close() {
        if (Files.exists(data.resolve("postmaster.pid"))) {
            crash();
        }
    }
}
