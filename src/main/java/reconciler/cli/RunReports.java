package reconciler.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import reconciler.audit.AuditView.Reason;
import reconciler.change.ChangeState;
import reconciler.patch.PatchStatistics;
import reconciler.run.ExitCode;
import reconciler.run.RunReport;
import reconciler.run.Tally;

/// How a run is told.
record RunReports(Terminal terminal, Format format) {
    private static final List<ChangeState> STATES =
            List.of(
                    ChangeState.APPLIED,
                    ChangeState.UNCHANGED,
                    ChangeState.SUPERSEDED,
                    ChangeState.REJECTED,
                    ChangeState.CONFLICT,
                    ChangeState.EXPIRED,
                    ChangeState.FAILED);

    private static final List<String> COLUMNS =
            List.of(
                    "role",
                    "planned",
                    "applied",
                    "unchanged",
                    "superseded",
                    "rejected",
                    "conflict",
                    "expired",
                    "failed",
                    "deferred",
                    "unsent");

    /// The table to stdout, the sentences to stderr; when quiet only the sentences, and nothing at
    /// all when all is well.
    void show(RunReport report, boolean quiet) {
        boolean well = report.exitCode() == ExitCode.OK;
        if (quiet && well) {
            return;
        }
        if (!quiet && format == Format.TABLE && well && isIdle(report)) {
            terminal.say(inOneLine(report));
            return;
        }
        if (!quiet) {
            table(report);
        }
        if (report.recovery() != null) {
            terminal.say(report.recovery());
        }
        terminal.say(inOneLine(report));
        terminal.say(speed(report));
        if (report.clockStep() != null) {
            terminal.say(
                    "the database's clock was set "
                            + report.clockStep().inWords()
                            + " during the run: deadlines go by it, so see that its server follows an NTP server");
        }
        terminal.say("audit head " + report.head().inOneLine());
        report.reasons().stream()
                .limit(quiet ? 2 : 5)
                .forEach(reason -> terminal.say(inWords(reason)));
    }

    private static String inOneLine(RunReport report) {
        return "run "
                + report.run()
                + " of job "
                + report.job()
                + ": exit "
                + report.exitCode().code()
                + ", "
                + report.explanation();
    }

    /// Nothing was due, and nothing was found of a dead run.
    private static boolean isIdle(RunReport report) {
        return report.total().planned() == 0
                && report.statistics().requests() == 0
                && report.recovery() == null;
    }

    private void table(RunReport report) {
        try (Sheet sheet = format.open(terminal.out(), "roles", COLUMNS)) {
            report.roles().forEach((role, counts) -> sheet.row(cells(role.name(), counts)));
            if (report.roles().size() > 1 && format == Format.TABLE) {
                sheet.row(cells("total", report.total()));
            }
        }
    }

    private static List<Object> cells(String name, Tally.Counts counts) {
        var cells = new ArrayList<Object>(List.of(name, counts.planned()));
        STATES.forEach(state -> cells.add(counts.of(state)));
        cells.add(counts.deferred());
        cells.add(counts.released());
        return cells;
    }

    /// The time of the requests apart from that of the start and the end.
    private static String speed(RunReport report) {
        PatchStatistics sent = report.statistics();
        double took = report.took().toMillis() / 1_000.0;
        if (sent.requests() == 0) {
            return String.format(Locale.ROOT, "no request was sent; the run took %.1f s", took);
        }
        double seconds = Math.max(0.001, sent.sending().toMillis() / 1_000.0);
        return String.format(
                Locale.ROOT,
                "%s in %.1f s (%.1f/s), %d answered 429; the run took %.1f s",
                Counted.of(sent.requests(), "request"),
                seconds,
                sent.requests() / seconds,
                sent.throttled(),
                took);
    }

    private static String inWords(Reason reason) {
        return "  "
                + reason.rows()
                + " "
                + reason.status()
                + " "
                + reason.code()
                + (reason.message() == null ? "" : ": " + PlainText.oneLine(reason.message()));
    }
}
