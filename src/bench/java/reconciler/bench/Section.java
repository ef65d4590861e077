package reconciler.bench;

import java.util.List;
import java.util.Map;

/// One part of the report.
///
/// @param figures the same as the table, for machines: a name and its figures in each row
record Section(
        String title,
        List<String> notes,
        List<String> columns,
        List<List<String>> rows,
        List<Map<String, Object>> figures,
        Map<String, String> pictures) {

    String markdown() {
        var text = new StringBuilder();
        text.append("## ").append(title).append("\n\n");
        notes.forEach(note -> text.append(note).append("\n\n"));
        text.append(line(columns)).append(line(columns.stream().map(_ -> "---").toList()));
        rows.forEach(row -> text.append(line(row)));
        return text.append('\n').toString();
    }

    private static String line(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }
}
