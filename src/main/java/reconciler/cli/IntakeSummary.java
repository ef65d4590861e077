package reconciler.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import reconciler.intake.IntakeReport;
import reconciler.intake.Normalisation;
import reconciler.intake.Skipped;

/// What a person wants to know of a file that was read.
final class IntakeSummary {
    private IntakeSummary() {}

    /// All of it, line by line; the last says what to do next.
    static List<String> of(IntakeReport report) {
        var lines = new ArrayList<String>();
        lines.add(report.source() + (report.form() == null ? "" : ": " + report.form()));
        lines.add(
                "  "
                        + Counted.of(report.lines(), "line")
                        + ": "
                        + report.good()
                        + " good, "
                        + report.bad()
                        + " bad");
        if (report.good() > 0) {
            lines.add(
                    "  the good ones ask for "
                            + Counted.of(report.changes(), "change")
                            + " of "
                            + Counted.of(report.counts().participants(), "participant"));
        }
        remarks(report).forEach(remark -> lines.add("  " + remark));
        lines.add(next(report));
        return lines;
    }

    /// What was done to it, and what looks odd.
    static List<String> remarks(IntakeReport report) {
        var remarks = new ArrayList<String>();
        String skipped = skipped(report.counts().skipped());
        if (!skipped.isEmpty()) {
            remarks.add("skipped: " + skipped);
        }
        if (!report.counts().normalised().isEmpty()) {
            remarks.add("normalised: " + normalised(report.counts().normalised()));
        }
        if (report.counts().warned() > 0) {
            remarks.add(
                    Counted.of(report.counts().warned(), "good line")
                            + (report.counts().warned() == 1 ? " looks" : " look")
                            + " spoilt; --strict refuses such lines");
        }
        return remarks;
    }

    private static String skipped(Skipped skipped) {
        var words = new ArrayList<String>();
        if (skipped.blankRows() > 0) {
            words.add(Counted.of(skipped.blankRows(), "blank row"));
        }
        if (skipped.emptyColumns() > 0) {
            words.add(Counted.of(skipped.emptyColumns(), "empty column") + " at the right");
        }
        if (skipped.endMarks() > 0) {
            words.add("a Ctrl-Z at the end");
        }
        return String.join(", ", words);
    }

    private static String normalised(Map<Normalisation, Long> counts) {
        return counts.entrySet().stream()
                .map(entry -> entry.getValue() + " x " + entry.getKey().words())
                .collect(Collectors.joining(", "));
    }

    private static String next(IntakeReport report) {
        if (!report.refusals().isEmpty()) {
            return "The file is refused as a whole; nothing of it can be queued as it is.";
        }
        if (report.bad() == 0) {
            return "It can be queued as it is.";
        }
        return report.good() == 0
                ? "Correct its lines; `--rejects FILE` writes them with what is wrong."
                : "Correct the bad lines (`--rejects FILE` writes them with what is wrong), or queue the good ones with"
                        + " `queue --partial`.";
    }
}
