package reconciler.embedded;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import reconciler.Eventually;
import reconciler.database.DatabaseSettings;

/// A real PgBouncer in transaction mode before a real Postgres, with fewer sessions than we have
/// connections and with nothing in its configuration for our sake.
public final class PgBouncer implements AutoCloseable {
    private static final List<Path> PROGRAMS =
            List.of(Path.of("/usr/sbin/pgbouncer"), Path.of("/usr/bin/pgbouncer"));

    /// Who may come through it; the server trusts whoever comes from this machine.
    private static final List<String> LOGINS = List.of("postgres", "pooled_ann");

    private final Process process;
    private final int port;

    private PgBouncer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /// @param server settings of any database there
    /// @param sessions how many of them all connections to one database share
    /// @param directory for its files
    /// @param lines more of its configuration
    public static PgBouncer before(
            DatabaseSettings server, int sessions, Path directory, String... lines) {
        assumeThat(PROGRAMS)
                .as(
                        "skipped: there is no pgbouncer on this machine (Debian: apt-get install pgbouncer)")
                .anyMatch(Files::isExecutable);
        try {
            int port = freePort();
            Path configuration = configuration(server, sessions, directory, port, lines);
            Process process =
                    new ProcessBuilder(
                                    PROGRAMS.stream()
                                            .filter(Files::isExecutable)
                                            .findFirst()
                                            .orElseThrow()
                                            .toString(),
                                    configuration.toString())
                            .redirectErrorStream(true)
                            .redirectOutput(directory.resolve("pgbouncer.log").toFile())
                            .start();
            var pooler = new PgBouncer(process, port);
            Eventually.holds("PgBouncer takes connections", pooler::answers);
            return pooler;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// The same database, through the pooler.
    public DatabaseSettings to(DatabaseSettings direct) {
        return new DatabaseSettings(
                direct.url().replaceFirst("//[^/]+/", "//127.0.0.1:" + port + "/"),
                direct.user(),
                direct.password());
    }

    private static Path configuration(
            DatabaseSettings server, int sessions, Path directory, int port, String... lines)
            throws IOException {
        String address = server.url().replaceFirst("jdbc:postgresql://([^/]+)/.*", "$1");
        Path users =
                Files.writeString(
                        directory.resolve("users.txt"),
                        LOGINS.stream()
                                .map(login -> "\"%s\" \"\"\n".formatted(login))
                                .collect(Collectors.joining()));
        Path configuration =
                Files.writeString(
                        directory.resolve("pgbouncer.ini"),
                        """
                        [databases]
                        * = host=%s port=%s
                        [pgbouncer]
                        listen_addr = 127.0.0.1
                        listen_port = %d
                        unix_socket_dir =
                        auth_type = trust
                        auth_file = %s
                        pool_mode = transaction
                        default_pool_size = %d
                        %s
                        %s
                        """
                                .formatted(
                                        address.replaceFirst(":.*", "")
                                                .replace("localhost", "127.0.0.1"),
                                        address.replaceFirst(".*:", ""),
                                        port,
                                        users,
                                        sessions,
                                        String.join("\n", lines),
                                        userLine()));
        for (Path file : List.of(users, configuration)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        }
        for (Path folder = directory; folder.getNameCount() > 1; folder = folder.getParent()) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return configuration;
    }

    /// It refuses to run as root.
    private static String userLine() {
        return System.getProperty("user.name").equals("root") ? "user = nobody" : "";
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean answers() {
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException notYet) {
            if (!process.isAlive()) {
                throw new IllegalStateException("PgBouncer ended with " + process.exitValue());
            }
            return false;
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
