package reconciler.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// A file of heads, a line each, kept where nobody who can write to the database can write too.
public record AnchorFile(Path path) {
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    /// A line is no anchor, there is none, or the file cannot be read or written.
    public static final class Unusable extends RuntimeException {
        Unusable(String message) {
            super(message);
        }
    }

    /// Asked before there is anything to add.
    public void demandWritable() {
        write("");
    }

    /// Adds a line; makes the file when there is none.
    public void append(Head head) {
        write(head.inOneLine() + "\n");
    }

    private void write(String text) {
        try {
            Files.writeString(
                    path,
                    text,
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND,
                    StandardOpenOption.SYNC);
        } catch (IOException failure) {
            throw new Unusable("the anchor could not be written to " + path + ": " + failure);
        }
    }

    /// Every line, and at least one. Empty lines do not count.
    public List<Head> read() {
        List<Head> heads = new ArrayList<>();
        try {
            int number = 0;
            for (String line : Files.readAllLines(path)) {
                number++;
                if (!line.isBlank()) {
                    heads.add(parse(line.strip(), number));
                }
            }
            if (heads.isEmpty()) {
                throw new Unusable(
                        path
                                + " holds no anchor: expected lines as `audit anchor` prints them; name the file that has"
                                + " them, or leave --anchor out");
            }
            return heads;
        } catch (IOException | UncheckedIOException failure) {
            throw new Unusable("the anchors could not be read: " + failure);
        }
    }

    private Head parse(String line, int number) {
        String[] parts = line.split(" ", -1);
        try {
            if (parts.length == 3 && HASH.matcher(parts[1]).matches()) {
                return new Head(Long.parseLong(parts[0]), parts[1], Instant.parse(parts[2]));
            }
        } catch (NumberFormatException | DateTimeException noAnchor) {
            // Said below.
        }
        throw new Unusable(
                path
                        + " line "
                        + number
                        + " is no anchor: expected a number, 64 hex digits and a time");
    }
}
