package reconciler.intake;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One pass over a file: every line is judged, and goes on as a good line or is told as a bad one.
/// Without `partial` no good line goes on once there was a bad one.
final class FileReading {
    private static final int BLOCK = 64 * 1024;

    private final Source source;
    private final Judge judge;
    private final Consumer<GoodLine> goodLines;
    private final Rejects rejects;
    private final boolean partial;
    private final List<BadLine> badLines = new ArrayList<>();
    private long lines;
    private long good;
    private long changes;

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

    /// Of all its bytes, unpacked, in hex; null when they cannot be read, for whatever reason.
    static @Nullable String sha256(Source source) {
        try (var bytes =
                new MeteredBytes(
                        Unpacked.of(source.opening().open()), IntakeRules.MAX_FILE_BYTES)) {
            byte[] block = new byte[BLOCK];
            int read = 0;
            while (read >= 0) {
                read = bytes.read(block, 0, BLOCK);
            }
            return bytes.sha256();
        } catch (IOException _) {
            return null;
        }
    }

    IntakeReport report() {
        try (var bytes =
                        new MeteredBytes(
                                Unpacked.of(source.opening().open()), IntakeRules.MAX_FILE_BYTES);
                Records records = Records.of(new StrictText(bytes), source.form())) {
            judgeAll(records);
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
        if (lines == 0) {
            throw new FileRefused("there are no lines after the header");
        }
    }

    private void judge(Records records, Row row) {
        switch (judge.judge(row)) {
            case Judged.Good(List<GoodLine> goods) -> {
                good++;
                changes += goods.size();
                if (partial || badLines.isEmpty()) {
                    goods.forEach(goodLines);
                }
            }
            case Judged.Bad(List<BadLine> problems) -> {
                problems.stream()
                        .limit(IntakeReport.MOST_BAD_LINES - badLines.size())
                        .forEach(badLines::add);
                rejects.add(records, row);
            }
        }
    }

    private IntakeReport report(List<String> refusals, @Nullable String sha256) {
        return new IntakeReport(
                source.name(), refusals, sha256, lines, good, changes, badLines, null);
    }
}
