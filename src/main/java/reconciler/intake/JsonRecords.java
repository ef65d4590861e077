package reconciler.intake;

import java.io.IOException;
import java.io.Reader;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.io.JsonStringEncoder;

/// One object a line; empty lines count as lines only.
final class JsonRecords implements Records {
    /// What this class put in front of a rejected line before.
    private static final Pattern OUR_ERROR =
            Pattern.compile("^\\{\"error\":\"(?:[^\"\\\\]|\\\\.)*+\",?\\s*");

    private final Reader text;
    private final char[] buffer = new char[16 * 1024];
    private int position;
    private int end;
    private int lines;
    private Header latest = Header.ofProperties(List.of());

    JsonRecords(Reader text) {
        this.text = text;
    }

    @Override
    public @Nullable Row next() throws IOException {
        String line = line();
        while (line != null && line.isBlank()) {
            line = line();
        }
        return line == null ? null : row(line);
    }

    @Override
    public String beginning() {
        return "";
    }

    @Override
    public String rejected(Row row) {
        String object = row.original().getFirst();
        String rest = OUR_ERROR.matcher(object).replaceFirst("{").substring(1).stripLeading();
        var error = new StringBuilder("{\"error\":\"");
        JsonStringEncoder.getInstance().quoteAsString(row.error(), error);
        return error.append(rest.startsWith("}") ? "\"" : "\",")
                .append(rest)
                .append('\n')
                .toString();
    }

    @Override
    public void close() throws IOException {
        text.close();
    }

    private Row row(String line) throws FileRefused {
        try {
            JsonLine object = JsonLine.of(line.strip());
            if (!latest.names().equals(object.names())) {
                latest = Header.ofProperties(object.names());
            }
            var row = new Row(latest, lines, object.values(), List.of(line.strip()));
            latest.problems().forEach(problem -> row.note((@Nullable String) null, problem));
            object.problems().forEach(problem -> row.note(problem.property(), problem.reason()));
            return row;
        } catch (JacksonException broken) {
            throw new FileRefused(
                    "line "
                            + lines
                            + ": not a JSON object, from column "
                            + broken.getLocation().getColumnNr());
        }
    }

    /// Ends with LF or CR LF.
    private @Nullable String line() throws IOException {
        var line = new StringBuilder();
        while (fill()) {
            char character = buffer[position++];
            if (character == '\n') {
                break;
            }
            line.append(character);
            if (line.length() > IntakeRules.MOST_OF_A_FIELD) {
                throw new FileRefused(
                        "line "
                                + (lines + 1)
                                + ": longer than "
                                + IntakeRules.MOST_OF_A_FIELD
                                + " characters");
            }
        }
        if (line.isEmpty() && end < 0) {
            return null;
        }
        lines++;
        return line.toString();
    }

    private boolean fill() throws IOException {
        if (position == end) {
            end = text.read(buffer, 0, buffer.length);
            position = 0;
        }
        return end > 0;
    }
}
