package reconciler.intake;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reconciler.intake.workbook.UnusableWorkbook;

/// Lines under a header.
final class CsvRecords implements Records {
    private static final Pattern PLACE = Pattern.compile("starting at line (\\d+)");

    private static final String END_MARK = "\u001A";

    private final CsvReader<CsvRecord> csv;
    private final Iterator<CsvRecord> records;
    private final CsvForm form;
    private final String encoding;
    private final Header header;
    private long blankRows;
    private int emptyColumns;
    private int endMarks;

    private CsvRecords(CsvReader<CsvRecord> csv, CsvForm form, String encoding) throws IOException {
        this.csv = csv;
        this.records = csv.iterator();
        this.form = form;
        this.encoding = encoding;
        if (form.hasSeparatorLine()) {
            record();
        }
        CsvRecord first = filledRecord();
        if (first == null) {
            throw new FileRefused("the file is empty");
        }
        this.header = Header.of(first.getStartingLineNumber(), first.getFields());
        this.emptyColumns = first.getFieldCount() - header.width();
    }

    static CsvRecords of(Reader text, CsvForm form, String encoding) throws IOException {
        return new CsvRecords(
                CsvReader.builder()
                        .fieldSeparator(form.delimiter())
                        .allowUnclosedQuote(false)
                        .trimWhitespacesAroundQuotes(form.hasBlanksBeforeQuotes())
                        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .maxBufferSize(IntakeRules.MOST_OF_A_FIELD)
                        .ofCsvRecord(text),
                form,
                encoding);
    }

    @Override
    public @Nullable Row next() throws IOException {
        CsvRecord record = filledRecord();
        if (record == null) {
            return null;
        }
        List<String> fields = record.getFields();
        if (fields.size() > header.width()) {
            fields = withoutEmptyEnd(fields);
        }
        return new Row(
                header,
                (int) record.getStartingLineNumber(),
                form.escapedFormulas() ? fields.stream().map(Formulas::unescaped).toList() : fields,
                fields);
    }

    @Override
    public String form() {
        return form.words() + ", in " + encoding;
    }

    @Override
    public Skipped skipped() {
        return new Skipped(blankRows, emptyColumns, endMarks);
    }

    @Override
    public int normalisedNames() {
        return header.normalised();
    }

    @Override
    public String beginning() {
        return CsvLine.of(
                form.delimiter(), Column.ERROR.label(), header.withoutError(header.names()));
    }

    @Override
    public String rejected(Row row) {
        return CsvLine.of(form.delimiter(), row.error(), header.withoutError(row.original()));
    }

    @Override
    public void close() throws IOException {
        csv.close();
    }

    /// The next that says something; blank ones are counted.
    private @Nullable CsvRecord filledRecord() throws IOException {
        CsvRecord record = record();
        while (record != null && isNothing(record)) {
            record = record();
        }
        return record;
    }

    private boolean isNothing(CsvRecord record) throws IOException {
        String first = record.getField(0);
        if (!first.isEmpty() && first.charAt(0) > ' ' && first.charAt(0) <= '~') {
            return false;
        }
        if (record.getFieldCount() == 1 && first.strip().equals(END_MARK) && isLast()) {
            endMarks++;
            return true;
        }
        boolean isBlank = record.getFields().stream().allMatch(Blanks::isBlank);
        blankRows += isBlank ? 1 : 0;
        return isBlank;
    }

    private List<String> withoutEmptyEnd(List<String> fields) {
        int kept = fields.size();
        while (kept > header.width() && Blanks.isBlank(fields.get(kept - 1))) {
            kept--;
        }
        emptyColumns = Math.max(emptyColumns, fields.size() - kept);
        return fields.subList(0, kept);
    }

    private boolean isLast() throws IOException {
        try {
            return !records.hasNext();
        } catch (CsvParseException broken) {
            throw refusal(String.valueOf(broken.getMessage()));
        } catch (UncheckedIOException failure) {
            throw lost(failure);
        }
    }

    private @Nullable CsvRecord record() throws IOException {
        try {
            return records.hasNext() ? records.next() : null;
        } catch (CsvParseException broken) {
            throw refusal(String.valueOf(broken.getMessage()));
        } catch (UncheckedIOException failure) {
            throw lost(failure);
        }
    }

    /// What failed below the parser, which wraps it and says only where it was itself.
    private static IOException lost(UncheckedIOException failure) {
        IOException innermost = new IOException(failure.getMessage(), failure);
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof FileRefused || cause instanceof UnusableWorkbook) {
                return (IOException) cause;
            }
            if (cause instanceof IOException below) {
                innermost = below;
            }
        }
        return innermost;
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
        if (said.endsWith("fields")) {
            return new FileRefused(line + "more than " + IntakeRules.MAX_COLUMNS + " columns");
        }
        return new FileRefused(
                line
                        + "a field is longer than "
                        + IntakeRules.MOST_OF_A_FIELD
                        + " characters, or a quote is opened here and never closed");
    }
}
