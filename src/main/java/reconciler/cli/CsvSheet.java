package reconciler.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Exact CSV with a header, in UTF-8.
final class CsvSheet implements Sheet {
    private final CsvWriter csv;

    CsvSheet(PrintStream out, List<String> columns) {
        csv = CsvWriter.builder().build(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        csv.writeRecord(columns);
    }

    @Override
    public void row(List<? extends @Nullable Object> cells) {
        csv.writeRecord(cells.stream().map(cell -> Objects.toString(cell, "")).toList());
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
