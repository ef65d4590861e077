package reconciler.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/// A real Postgres started by this process on loopback, in a temporary directory, gone with the
/// process. Its durability is off: good for a demo and for tests, not for data.
public final class EmbeddedDatabase implements AutoCloseable {
    private final EmbeddedPostgres server;

    private EmbeddedDatabase(EmbeddedPostgres server) {
        this.server = server;
    }

    public static EmbeddedDatabase start() {
        return start(EmbeddedPostgres.builder());
    }

    /// One that leaves its files in `data`, for the caller to remove, and that only the caller
    /// ends.
    public static EmbeddedDatabase startIn(Path data) {
        return start(
                EmbeddedPostgres.builder()
                        .setDataDirectory(data)
                        .setCleanDataDirectory(false)
                        .setRegisterShutdownHook(false));
    }

    /// A server for another process: prints its URL, and ends with standard input.
    static void main() throws IOException {
        try (EmbeddedDatabase server = start()) {
            System.out.println(server.url());
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private static EmbeddedDatabase start(EmbeddedPostgres.Builder builder) {
        try {
            return new EmbeddedDatabase(builder.start());
        } catch (IOException failure) {
            throw new UncheckedIOException("the embedded Postgres did not start", failure);
        }
    }

    /// The JDBC URL of its `postgres` database, user `postgres`, no password.
    public String url() {
        return server.getJdbcUrl("postgres", "postgres");
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException failure) {
            throw new UncheckedIOException("the embedded Postgres did not stop", failure);
        }
    }
}
