package reconciler.intake;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One pass over a file: every line is judged, and goes on as a good line or is told as a bad one.
final class FileReading {
    /// A field that does not end within so many characters is a quote that was never closed.
    private static final int MOST_OF_A_FIELD = 1024 * 1024;

    private static final Pattern PLACE = Pattern.compile("starting at line (\\d+)");

    private final Source source;
    private final Judge judge;
    private final Consumer<GoodLine> goodLines;
    private final Rejects rejects;
    private final List<BadLine> badLines = new ArrayList<>();
    private long lines;
    private long good;

    FileReading(Source source, Judge judge, Consumer<GoodLine> goodLines, Rejects rejects) {
        this.source = source;
        this.judge = judge;
        this.goodLines = goodLines;
        this.rejects = rejects;
    }

    IntakeReport report() {
        try (var bytes = new MeteredBytes(source.opening().open(), IntakeRules.MAX_FILE_BYTES);
                CsvReader<CsvRecord> csv = open(new StrictText(bytes))) {
            judgeAll(csv.iterator());
            rejects.keep();
            return report(List.of(), bytes.sha256());
        } catch (FileRefused refused) {
            return report(refused.reasons(), null);
        } catch (NoSuchFileException _) {
            return report(List.of("there is no such file"), null);
        } catch (AccessDeniedException _) {
            return report(List.of("the file may not be read by this user"), null);
        } catch (IOException failure) {
            return report(List.of("the file cannot be read: " + failure.getMessage()), null);
        }
    }

    private static CsvReader<CsvRecord> open(Reader text) {
        return CsvReader.builder()
                .allowUnclosedQuote(false)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .maxBufferSize(MOST_OF_A_FIELD)
                .ofCsvRecord(text);
    }

    private void judgeAll(Iterator<CsvRecord> records) throws IOException {
        CsvRecord first = next(records);
        if (first == null) {
            throw new FileRefused("the file is empty");
        }
        Header header = Header.of((int) first.getStartingLineNumber(), first.getFields());
        for (CsvRecord record = next(records); record != null; record = next(records)) {
            if (++lines > IntakeRules.MAX_LINES) {
                throw new FileRefused("the file has more than " + IntakeRules.MAX_LINES + " lines");
            }
            judge(header, record);
        }
        if (lines == 0) {
            throw new FileRefused("there are no lines after the header");
        }
    }

    private void judge(Header header, CsvRecord record) {
        var row = new Row(header, (int) record.getStartingLineNumber(), record.getFields());
        switch (judge.judge(row)) {
            case Judged.Good(GoodLine line) -> {
                good++;
                goodLines.accept(line);
            }
            case Judged.Bad(List<BadLine> problems) -> {
                problems.stream()
                        .limit(IntakeReport.MOST_BAD_LINES - badLines.size())
                        .forEach(badLines::add);
                rejects.add(header, row);
            }
        }
    }

    private static @Nullable CsvRecord next(Iterator<CsvRecord> records) throws IOException {
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
                        + MOST_OF_A_FIELD
                        + " characters, or a quote is opened here and never closed");
    }

    private IntakeReport report(List<String> refusals, @Nullable String sha256) {
        return new IntakeReport(source.name(), refusals, sha256, lines, good, badLines, null);
    }
}
