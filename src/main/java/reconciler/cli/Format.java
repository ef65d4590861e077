package reconciler.cli;

import java.io.PrintStream;
import java.util.List;

/// `-o`: how rows are written.
enum Format {
    TABLE,
    JSON,
    JSONL,
    CSV;

    /// A sheet to write rows to, one by one; it must be closed.
    Sheet open(PrintStream out, String name, List<String> columns) {
        return switch (this) {
            case TABLE -> new TableSheet(out, columns);
            case JSON -> JsonSheet.document(out, name, columns);
            case JSONL -> JsonSheet.lines(out, columns);
            case CSV -> CsvSheet.forSpreadsheets(out, columns);
        };
    }
}
