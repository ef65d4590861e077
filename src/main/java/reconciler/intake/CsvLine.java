package reconciler.intake;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// A line of CSV, with its end.
final class CsvLine {
    private CsvLine() {}

    static String of(char delimiter, String first, List<String> rest) {
        var record = new ArrayList<String>(rest.size() + 1);
        record.add(first);
        record.addAll(rest);
        var text = new StringWriter();
        try (CsvWriter writer = CsvWriter.builder().fieldSeparator(delimiter).build(text)) {
            writer.writeRecord(record);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return text.toString();
    }
}
