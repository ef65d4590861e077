package reconciler.intake;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import reconciler.intake.workbook.UnusableWorkbook;

/// One pass over a file: every line is judged, and goes on as a good line or is told as a bad one.
/// Without `partial` no good line goes on once there was a bad one.
final class FileReading {
    private final Source source;
    private final Judge judge;
    private final Consumer<GoodLine> goodLines;
    private final Rejects rejects;
    private final boolean partial;
    private final List<BadLine> badLines = new ArrayList<>();
    private final List<LineWarning> warnings = new ArrayList<>();
    private @Nullable String form;
    private Skipped skipped = Skipped.NOTHING;
    private long lines;
    private long good;
    private long changes;
    private long warned;

    FileReading(
            Source source,
            Judge judge,
            Consumer<GoodLine> goodLines,
            Rejects rejects,
            boolean partial) {
        this.source = source;
        this.judge = judge;
        this.goodLines = goodLines;
        this.rejects = rejects;
        this.partial = partial;
    }

    /// The identity of its content, in hex; null when it cannot be read, for whatever reason.
    static @Nullable String sha256(Source source) {
        try (OpenFile file = OpenFile.of(source)) {
            return file.sha256();
        } catch (IOException _) {
            return null;
        }
    }

    IntakeReport report() {
        try (OpenFile file = OpenFile.of(source);
                Records records = file.records()) {
            form = records.form();
            judgeAll(records);
            String sha256 = file.sha256();
            rejects.keep();
            return report(List.of(), sha256);
        } catch (FileRefused refused) {
            return report(refused.reasons(), null);
        } catch (UnusableWorkbook unusable) {
            return report(List.of(String.valueOf(unusable.getMessage())), null);
        } catch (EOFException | ZipException _) {
            return report(
                    List.of(
                            "the file cannot be read: it is cut off or damaged, and cannot be unpacked to its end"),
                    null);
        } catch (NoSuchFileException _) {
            return report(List.of("there is no such file"), null);
        } catch (AccessDeniedException _) {
            return report(List.of("the file may not be read by this user"), null);
        } catch (IOException failure) {
            return report(List.of("the file cannot be read: " + failure.getMessage()), null);
        }
    }

    private void judgeAll(Records records) throws IOException {
        for (Row row = records.next(); row != null; row = records.next()) {
            if (++lines > IntakeRules.MAX_LINES) {
                throw new FileRefused(
                        "the file has more than " + IntakeRules.MAX_LINES + " lines: divide it");
            }
            judge(records, row);
            if (changes > IntakeRules.MAX_CHANGES) {
                throw new FileRefused(
                        "the file asks for more than "
                                + IntakeRules.MAX_CHANGES
                                + " changes: divide it");
            }
        }
        skipped = records.skipped();
        judge.normalised().count(Normalisation.HEADER_NAME, records.normalisedNames());
        if (lines == 0) {
            throw new FileRefused("there are no lines after the header");
        }
    }

    private void judge(Records records, Row row) {
        switch (judge.judge(row)) {
            case Judged.Good(List<GoodLine> goods, List<LineWarning> suspicions) -> {
                good++;
                changes += goods.size();
                if (!suspicions.isEmpty()) {
                    warn(suspicions);
                }
                if (partial || badLines.isEmpty()) {
                    goods.forEach(goodLines);
                }
            }
            case Judged.Bad(List<BadLine> problems) -> {
                problems.stream()
                        .limit(IntakeReport.MOST_LINES_KEPT - badLines.size())
                        .forEach(badLines::add);
                rejects.add(records, row);
            }
        }
    }

    private void warn(List<LineWarning> suspicions) {
        warned++;
        suspicions.stream()
                .limit(IntakeReport.MOST_LINES_KEPT - warnings.size())
                .forEach(warnings::add);
    }

    private IntakeReport report(List<String> refusals, @Nullable String sha256) {
        var counts =
                new IntakeReport.Counts(
                        lines,
                        good,
                        changes,
                        judge.participants(),
                        warned,
                        skipped,
                        judge.normalised().counts());
        return new IntakeReport(
                source.name(), form, refusals, sha256, counts, badLines, warnings, null);
    }
}
