package reconciler.cli;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;
import reconciler.intake.IntakeReport;
import reconciler.intake.Normalisation;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What became of a file, as one JSON document. Never holds an attribute value.
final class IntakeJson {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int SCHEMA_VERSION = 1;

    private IntakeJson() {}

    static void write(PrintStream out, IntakeReport report) {
        ObjectNode document =
                JSON.createObjectNode()
                        .put("schemaVersion", SCHEMA_VERSION)
                        .put("source", report.source())
                        .put("form", report.form())
                        .put("sha256", report.sha256())
                        .put("acceptable", report.isFlawless())
                        .put("lines", report.lines())
                        .put("good", report.good())
                        .put("bad", report.bad())
                        .put("warned", report.counts().warned())
                        .put("changes", report.changes())
                        .put("participants", report.counts().participants());
        document.putObject("skipped")
                .put("blank_rows", report.counts().skipped().blankRows())
                .put("empty_columns", report.counts().skipped().emptyColumns())
                .put("end_marks", report.counts().skipped().endMarks());
        ObjectNode normalised = document.putObject("normalised");
        for (Normalisation normalisation : Normalisation.values()) {
            normalised.put(
                    normalisation.label(),
                    report.counts().normalised().getOrDefault(normalisation, 0L));
        }
        report.refusals().forEach(document.putArray("refusals")::add);
        ArrayNode bad = document.putArray("problems");
        report.badLines().forEach(line -> add(bad, line.line(), line.column(), line.reason()));
        ArrayNode warnings = document.putArray("warnings");
        report.warnings().forEach(line -> add(warnings, line.line(), line.column(), line.reason()));
        out.println(JSON.writeValueAsString(document));
    }

    private static void add(ArrayNode lines, long line, @Nullable String column, String reason) {
        lines.addObject().put("line", line).put("column", column).put("reason", reason);
    }
}
