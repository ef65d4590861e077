package reconciler.intake;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What became of a file.
///
/// @param refusals why the file as a whole is refused; empty when each line counts for itself
/// @param sha256 of the bytes, in hex; null when they were not read to the end
/// @param lines records after the header
/// @param good records that can be queued
/// @param changes that the good records ask for
/// @param badLines the first [#MOST_BAD_LINES] problems
/// @param changeSetId null when nothing was queued
public record IntakeReport(
        String source,
        List<String> refusals,
        @Nullable String sha256,
        long lines,
        long good,
        long changes,
        List<BadLine> badLines,
        @Nullable Long changeSetId) {
    public static final int MOST_BAD_LINES = 1000;

    public IntakeReport {
        refusals = List.copyOf(refusals);
        badLines = List.copyOf(badLines);
    }

    public long bad() {
        return lines - good;
    }

    /// Nothing is wrong with the file or any of its lines.
    public boolean isFlawless() {
        return refusals.isEmpty() && bad() == 0;
    }

    /// Something of it may become a change set.
    boolean allows(ChangeSetRequest request) {
        return refusals.isEmpty() && good > 0 && (bad() == 0 || request.partial());
    }

    IntakeReport refused(String refusal) {
        return new IntakeReport(
                source, List.of(refusal), sha256, lines, good, changes, badLines, null);
    }

    IntakeReport queuedAs(long changeSet) {
        return new IntakeReport(
                source, refusals, sha256, lines, good, changes, badLines, changeSet);
    }
}
