package reconciler.intake;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The records of a file, one after the other, whatever its form.
sealed interface Records extends AutoCloseable permits CsvRecords, JsonRecords {
    /// @return null at the end
    /// @throws FileRefused when reading on would be guessing
    @Nullable Row next() throws IOException;

    /// How a rejects file of this form begins.
    String beginning();

    /// A record in this form with what is wrong with it in front.
    String rejected(Row row);

    @Override
    void close() throws IOException;

    static Records of(StrictText text, FileForm form) throws IOException {
        Beginning beginning = Beginning.of(text);
        if (form.delimiter() == null && beginning.isJson()) {
            return new JsonRecords(beginning);
        }
        char delimiter = form.delimiter() == null ? beginning.delimiter() : form.delimiter();
        return CsvRecords.of(beginning, delimiter, form.escapedFormulas());
    }
}
