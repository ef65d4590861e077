package reconciler.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reconciler.intake.Formulas;

/// CSV with a header, in UTF-8: exact, or so that a spreadsheet takes no cell for a formula.
final class CsvSheet implements Sheet {
    private final CsvWriter csv;

    private final UnaryOperator<String> cell;

    private CsvSheet(PrintStream out, List<String> columns, UnaryOperator<String> cell) {
        this.cell = cell;
        csv = CsvWriter.builder().build(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        csv.writeRecord(columns);
    }

    static CsvSheet exact(PrintStream out, List<String> columns) {
        return new CsvSheet(out, columns, UnaryOperator.identity());
    }

    static CsvSheet forSpreadsheets(PrintStream out, List<String> columns) {
        return new CsvSheet(out, columns, Formulas::escaped);
    }

    @Override
    public void row(List<? extends @Nullable Object> cells) {
        csv.writeRecord(cells.stream().map(this::text).toList());
    }

    /// Numbers and the like are no formulas.
    private String text(@Nullable Object value) {
        return value instanceof String string ? cell.apply(string) : Objects.toString(value, "");
    }

    /// Leaves the stream open: it is the process's own.
    @Override
    public void close() {
        try {
            csv.flush();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
