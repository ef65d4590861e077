package reconciler.intake;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Lines under a header.
final class CsvRecords implements Records {
    private static final Pattern PLACE = Pattern.compile("starting at line (\\d+)");

    private final CsvReader<CsvRecord> csv;
    private final Iterator<CsvRecord> records;
    private final char delimiter;
    private final boolean escapedFormulas;
    private final Header header;

    private CsvRecords(CsvReader<CsvRecord> csv, char delimiter, boolean escapedFormulas)
            throws IOException {
        this.csv = csv;
        this.records = csv.iterator();
        this.delimiter = delimiter;
        this.escapedFormulas = escapedFormulas;
        CsvRecord first = record();
        if (first == null) {
            throw new FileRefused("the file is empty");
        }
        this.header = Header.of((int) first.getStartingLineNumber(), first.getFields());
    }

    static CsvRecords of(Reader text, char delimiter, boolean escapedFormulas) throws IOException {
        return new CsvRecords(
                CsvReader.builder()
                        .fieldSeparator(delimiter)
                        .allowUnclosedQuote(false)
                        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .maxBufferSize(IntakeRules.MOST_OF_A_FIELD)
                        .ofCsvRecord(text),
                delimiter,
                escapedFormulas);
    }

    @Override
    public @Nullable Row next() throws IOException {
        CsvRecord record = record();
        if (record == null) {
            return null;
        }
        List<String> fields = record.getFields();
        return new Row(
                header,
                (int) record.getStartingLineNumber(),
                escapedFormulas ? fields.stream().map(Formulas::unescaped).toList() : fields,
                fields);
    }

    @Override
    public String beginning() {
        return line(Column.ERROR.label(), header.withoutError(header.names()));
    }

    @Override
    public String rejected(Row row) {
        return line(row.error(), header.withoutError(row.original()));
    }

    @Override
    public void close() throws IOException {
        csv.close();
    }

    private String line(String error, List<String> fields) {
        var record = new ArrayList<String>(fields.size() + 1);
        record.add(error);
        record.addAll(fields);
        var text = new StringWriter();
        try (CsvWriter writer = CsvWriter.builder().fieldSeparator(delimiter).build(text)) {
            writer.writeRecord(record);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return text.toString();
    }

    private @Nullable CsvRecord record() throws IOException {
        try {
            return records.hasNext() ? records.next() : null;
        } catch (CsvParseException broken) {
            throw refusal(String.valueOf(broken.getMessage()));
        } catch (UncheckedIOException failure) {
            FileRefused refused = FileRefused.among(failure);
            throw refused == null ? new IOException(failure.getMessage(), failure) : refused;
        }
    }

    /// In our own words: the parser's may quote the file.
    private static FileRefused refusal(String said) {
        Matcher place = PLACE.matcher(said);
        String line = place.find() ? "line " + place.group(1) + ": " : "";
        if (said.startsWith("Unclosed")) {
            return new FileRefused(line + "a quote is opened here and never closed");
        }
        if (said.startsWith("Unexpected")) {
            return new FileRefused(line + "text follows a closing quote");
        }
        return new FileRefused(
                line
                        + "a field is longer than "
                        + IntakeRules.MOST_OF_A_FIELD
                        + " characters, or a quote is opened here and never closed");
    }
}
