package reconciler.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// A file of `db/queries`.
public record AuditorsQuery(Path file) {
    public static List<AuditorsQuery> all() {
        try (var files = Files.list(Path.of("db/queries"))) {
            return files.filter(file -> file.toString().endsWith(".sql"))
                    .sorted()
                    .map(AuditorsQuery::new)
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// `01` to `10`.
    public String number() {
        return file.getFileName().toString().substring(0, 2);
    }

    /// Without the comments, where psql's own syntax stands, and the last semicolon.
    public String text() {
        return lines().stream()
                .filter(line -> !line.startsWith("--"))
                .collect(Collectors.joining("\n"))
                .replaceFirst(";\\s*$", "");
    }

    /// The question, from the first comment to the line that shows how to ask it.
    public String question() {
        return lines().stream()
                .takeWhile(line -> !line.startsWith("--   psql"))
                .map(line -> line.substring(3))
                .collect(Collectors.joining(" "));
    }

    /// How psql is asked, from the comment that shows it.
    public String command() {
        return lines().stream()
                .filter(line -> line.startsWith("--   psql"))
                .map(line -> line.substring(5))
                .collect(Collectors.joining());
    }

    boolean isAboutATime() {
        return text().contains(":from");
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public String toString() {
        return file.getFileName().toString();
    }
}
