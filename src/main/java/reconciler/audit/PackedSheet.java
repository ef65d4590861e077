package reconciler.audit;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The rows of a packed query as a table for a spreadsheet, which takes nothing in it for a
/// formula.
record PackedSheet(PackedQuery query, JdbcClient jdbc) {
    private static final String FORMULA = "=+-@\t\r";

    /// In the caller's transaction: the driver streams inside one only.
    void write(SealRange range, OutputStream out) {
        // Not closed: the stream is the pack's.
        CsvWriter csv =
                CsvWriter.builder().build(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        jdbc.sql(query.query())
                .withFetchSize(2_000)
                .param("from", range.from())
                .param("until", range.until())
                .query((ResultSet rows) -> {
                    int columns = rows.getMetaData().getColumnCount();
                    var record = new String[columns];
                    for (int i = 0; i < columns; i++) {
                        record[i] = rows.getMetaData().getColumnLabel(i + 1);
                    }
                    csv.writeRecord(List.of(record));
                    while (rows.next()) {
                        csv.writeRecord(Arrays.asList(cells(rows, record)));
                    }
                    return columns;
                });
        try {
            csv.flush();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String[] cells(ResultSet row, String[] record) throws SQLException {
        for (int i = 0; i < record.length; i++) {
            record[i] = harmless(row.getString(i + 1));
        }
        return record;
    }

    private static String harmless(@Nullable String text) {
        if (text == null) {
            return "";
        }
        return !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    }
}
