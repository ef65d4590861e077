package reconciler.cli;

import java.util.Locale;
import reconciler.audit.Verification;

/// What a verification found, in one line that says what it did not look at.
final class VerificationInWords {
    private VerificationInWords() {}

    static String of(Verification.Report report, long millis) {
        return String.format(
                Locale.ROOT,
                "%s: %s, %s, %s in %.1f s; %s, %s in dropped months, %s; head %s",
                report.isSound() ? "sound" : Counted.of(report.faults(), "fault"),
                Counted.of(report.seals(), "seal"),
                Counted.of(report.outcomes(), "outcome"),
                Counted.of(report.attempts(), "attempt"),
                millis / 1_000.0,
                values(report),
                Counted.of(report.dropped(), "row"),
                anchors(report),
                report.head().inOneLine());
    }

    private static String values(Verification.Report report) {
        return report.valuesVerified()
                ? Counted.of(report.erased(), "value") + " erased"
                : "values not verified: this login does not see them";
    }

    private static String anchors(Verification.Report report) {
        String compared = Counted.of(report.anchors(), "anchor") + " compared";
        return report.olderAnchors() == 0
                ? compared
                : compared + ", " + report.olderAnchors() + " older than --since";
    }
}
