package reconciler.intake;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The records of a file, one after the other, whatever its form.
sealed interface Records extends AutoCloseable permits CsvRecords, JsonRecords, SheetRecords {
    /// @return null at the end
    /// @throws FileRefused when reading on would be guessing
    @Nullable Row next() throws IOException;

    /// In which form they are, in words.
    String form();

    /// What said nothing, up to here.
    Skipped skipped();

    /// How many column names were not written as they are known.
    int normalisedNames();

    /// How a rejects file of this form begins.
    String beginning();

    /// A record in this form with what is wrong with it in front.
    String rejected(Row row);

    @Override
    void close() throws IOException;

    static Records of(StrictText text, FileForm form) throws IOException {
        Beginning beginning = Beginning.of(text);
        String encoding = text.encoding();
        if (form.delimiter() == null && beginning.isObject()) {
            return new JsonRecords(new JsonLines(beginning), encoding);
        }
        if (form.delimiter() == null && beginning.isArray()) {
            return new JsonRecords(new JsonArray(beginning), encoding);
        }
        if (beginning.hasNul()) {
            throw new FileRefused(
                    "line 1: a NUL character: this is no text in "
                            + encoding
                            + "; when it is UTF-16 without a byte order mark, use --encoding UTF-16LE or UTF-16BE");
        }
        return CsvRecords.of(beginning, CsvForm.of(beginning, form), encoding);
    }
}
