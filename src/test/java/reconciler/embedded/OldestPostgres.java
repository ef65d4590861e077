package reconciler.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipFile;

/// The oldest Postgres that is supported, from an archive that the build puts into `target`.
public final class OldestPostgres {
    private static final Path ARCHIVE = Path.of("target/postgres-15/binaries.jar");

    private static final String BINARIES = "postgres-linux-x86_64.txz";

    private OldestPostgres() {}

    /// Whether there are binaries for this machine.
    public static boolean isHere() {
        return Files.exists(ARCHIVE)
                && System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
    }

    /// A server of it that is otherwise as the builder says.
    public static EmbeddedPostgres.Builder in(EmbeddedPostgres.Builder builder) {
        return builder.setPgBinaryResolver((_, _) -> binaries());
    }

    private static InputStream binaries() throws IOException {
        try (var archive = new ZipFile(ARCHIVE.toFile());
                var stream =
                        new BufferedInputStream(
                                archive.getInputStream(archive.getEntry(BINARIES)))) {
            return new ByteArrayInputStream(stream.readAllBytes());
        }
    }
}
