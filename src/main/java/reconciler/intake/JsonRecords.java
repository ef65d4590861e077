package reconciler.intake;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.io.JsonStringEncoder;

/// JSON objects, a line or an element of an array each; the rejects file has one a line.
final class JsonRecords implements Records {
    /// What this class put in front of a rejected line before.
    private static final Pattern OUR_ERROR =
            Pattern.compile("^\\{\"error\":\"(?:[^\"\\\\]|\\\\.)*+\",?\\s*");

    private static final Pattern LINE_END = Pattern.compile("[\\r\\n]+");

    private final JsonElements elements;
    private final String encoding;
    private Header latest = Header.ofProperties(List.of());
    private int normalisedNames;

    JsonRecords(JsonElements elements, String encoding) {
        this.elements = elements;
        this.encoding = encoding;
    }

    @Override
    public @Nullable Row next() throws IOException {
        String element = elements.next();
        return element == null ? null : row(element);
    }

    @Override
    public String form() {
        return elements.form() + ", in " + encoding;
    }

    @Override
    public Skipped skipped() {
        return new Skipped(0, 0, elements.endMarks());
    }

    @Override
    public int normalisedNames() {
        return normalisedNames;
    }

    @Override
    public String beginning() {
        return "";
    }

    @Override
    public String rejected(Row row) {
        String object = LINE_END.matcher(row.original().getFirst()).replaceAll(" ");
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
        elements.close();
    }

    private Row row(String element) throws FileRefused {
        try {
            JsonLine object = JsonLine.of(element);
            if (!latest.names().equals(object.names())) {
                latest = Header.ofProperties(object.names());
            }
            normalisedNames += latest.normalised();
            var row = new Row(latest, elements.line(), object.values(), List.of(element));
            latest.problems().forEach(problem -> row.note((@Nullable String) null, problem));
            object.problems().forEach(problem -> row.note(problem.property(), problem.reason()));
            return row;
        } catch (StreamConstraintsException _) {
            var row = new Row(Header.NONE, elements.line(), List.of(), List.of(element));
            row.note((@Nullable String) null, JsonLine.LIMITS);
            return row;
        } catch (JacksonException broken) {
            throw new FileRefused(
                    "line "
                            + elements.line()
                            + ": not a JSON object, from column "
                            + column(broken)
                            + " of it; expected one object a line, or an array of objects");
        }
    }

    private static String column(JacksonException broken) {
        return broken.getLocation() == null
                ? "1"
                : String.valueOf(broken.getLocation().getColumnNr());
    }
}
