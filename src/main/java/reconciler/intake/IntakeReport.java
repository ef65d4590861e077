package reconciler.intake;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What became of a file.
///
/// @param form how it is written, in words; null when that was not found out
/// @param refusals why the file as a whole is refused; empty when each line counts for itself
/// @param sha256 of the bytes, in hex; null when they were not read to the end
/// @param counts of what was read
/// @param badLines the first [#MOST_LINES_KEPT] problems
/// @param warnings the first [#MOST_LINES_KEPT] of them
/// @param changeSetId null when nothing was queued
public record IntakeReport(
        String source,
        @Nullable String form,
        List<String> refusals,
        @Nullable String sha256,
        Counts counts,
        List<BadLine> badLines,
        List<LineWarning> warnings,
        @Nullable Long changeSetId) {
    public static final int MOST_LINES_KEPT = 1000;

    /// What was read of a file.
    ///
    /// @param lines records after the header
    /// @param good records that can be queued
    /// @param changes that the good records ask for
    /// @param participants of the good records
    /// @param warned records that can be queued and look spoilt
    /// @param skipped what says nothing
    /// @param normalised what was written in another form, and how often
    public record Counts(
            long lines,
            long good,
            long changes,
            long participants,
            long warned,
            Skipped skipped,
            Map<Normalisation, Long> normalised) {
        static final Counts NOTHING = new Counts(0, 0, 0, 0, 0, Skipped.NOTHING, Map.of());
    }

    public IntakeReport {
        refusals = List.copyOf(refusals);
        badLines = List.copyOf(badLines);
        warnings = List.copyOf(warnings);
    }

    /// Of a source that was not read.
    static IntakeReport unread(Source source, String refusal) {
        return new IntakeReport(
                source.name(),
                null,
                List.of(refusal),
                null,
                Counts.NOTHING,
                List.of(),
                List.of(),
                null);
    }

    public long lines() {
        return counts.lines();
    }

    public long good() {
        return counts.good();
    }

    public long changes() {
        return counts.changes();
    }

    public long bad() {
        return lines() - good();
    }

    /// Nothing is wrong with the file or any of its lines.
    public boolean isFlawless() {
        return refusals.isEmpty() && bad() == 0;
    }

    /// Something of it may become a change set.
    boolean allows(ChangeSetRequest request) {
        return refusals.isEmpty() && good() > 0 && (bad() == 0 || request.partial());
    }

    IntakeReport refused(String refusal) {
        return new IntakeReport(
                source, form, List.of(refusal), sha256, counts, badLines, warnings, null);
    }

    IntakeReport queuedAs(long changeSet) {
        return new IntakeReport(
                source, form, refusals, sha256, counts, badLines, warnings, changeSet);
    }
}
