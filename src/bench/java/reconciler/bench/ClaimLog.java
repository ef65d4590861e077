package reconciler.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import reconciler.bench.BenchServer.BenchDatabase;

/// How long each of a sample of claims took, from the server's own log.
final class ClaimLog implements AutoCloseable {
    /// One in five statements: enough for a 99th percentile of some thousand claims.
    private static final String SAMPLE = "0.2";

    private static final Pattern CLAIM =
            Pattern.compile("duration: ([0-9.]+) ms .*WITH page AS \\(");

    private final Path directory;

    ClaimLog(Path output) throws IOException {
        directory = output.resolve("log");
        forget();
    }

    /// Sessions that begin from now on are in the log.
    void listen(BenchDatabase database) {
        database.run(
                "ALTER DATABASE %s SET log_min_duration_sample = 0".formatted(database.name()));
        database.run(
                "ALTER DATABASE %s SET log_statement_sample_rate = %s"
                        .formatted(database.name(), SAMPLE));
    }

    /// In the order they were made.
    double[] milliseconds() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted()
                    .flatMap(ClaimLog::lines)
                    .map(CLAIM::matcher)
                    .filter(Matcher::find)
                    .mapToDouble(claim -> Double.parseDouble(claim.group(1)))
                    .toArray();
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.lines(file);
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    /// The files of a server that writes into them are emptied, not deleted.
    private void forget() throws IOException {
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.writeString(file, "");
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        forget();
    }
}
