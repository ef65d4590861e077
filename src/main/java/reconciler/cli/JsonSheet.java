package reconciler.cli;

import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/// One object per row: in a document with a schema version, or one per line.
final class JsonSheet implements Sheet {
    private static final JsonMapper JSON =
            JsonMapper.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    private static final int SCHEMA_VERSION = 1;

    private final PrintStream out;
    private final List<String> columns;
    private final @Nullable JsonGenerator document;

    private JsonSheet(PrintStream out, List<String> columns, @Nullable JsonGenerator document) {
        this.out = out;
        this.columns = columns;
        this.document = document;
    }

    static JsonSheet lines(PrintStream out, List<String> columns) {
        return new JsonSheet(out, columns, null);
    }

    static JsonSheet document(PrintStream out, String name, List<String> columns) {
        JsonGenerator document = JSON.createGenerator(out);
        document.writeStartObject();
        document.writeNumberProperty("schemaVersion", SCHEMA_VERSION);
        document.writeArrayPropertyStart(name);
        return new JsonSheet(out, columns, document);
    }

    @Override
    public void row(List<? extends @Nullable Object> cells) {
        if (document != null) {
            write(document, cells);
            return;
        }
        try (JsonGenerator line = JSON.createGenerator(out)) {
            write(line, cells);
        }
        out.println();
    }

    @Override
    public void close() {
        if (document != null) {
            document.writeEndArray();
            document.writeEndObject();
            document.close();
            out.println();
        }
    }

    private void write(JsonGenerator json, List<? extends @Nullable Object> cells) {
        json.writeStartObject();
        for (int i = 0; i < columns.size(); i++) {
            json.writeName(columns.get(i));
            switch (cells.get(i)) {
                case null -> json.writeNull();
                case Long number -> json.writeNumber(number);
                case Integer number -> json.writeNumber(number);
                case Boolean truth -> json.writeBoolean(truth);
                case Object other -> json.writeString(other.toString());
            }
        }
        json.writeEndObject();
    }
}
