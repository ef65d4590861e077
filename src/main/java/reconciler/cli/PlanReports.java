package reconciler.cli;

import java.io.PrintStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reconciler.plan.Estimate;
import reconciler.plan.Finding;
import reconciler.plan.Groups.Group;
import reconciler.plan.Plan;
import reconciler.plan.PlanReport;
import reconciler.plan.PlanRequest;

/// How a plan is told.
record PlanReports(Terminal terminal, Format format, Times times) {
    private static final int GROUPS = 20;
    private static final int WIDEST_VALUE = 40;

    private static final List<String> TABLE =
            List.of("", "finding", "role", "attribute", "before", "", "after", "rows");

    private static final List<String> COLUMNS =
            List.of("finding", "role", "attribute", "before", "after", "rows");

    void show(PlanReport report, PlanRequest request) {
        switch (format) {
            case TABLE -> table(report, request);
            case JSON -> PlanJson.write(terminal.out(), report);
            case JSONL, CSV -> groups(report);
        }
    }

    private void groups(PlanReport report) {
        try (Sheet sheet = format.open(terminal.out(), "groups", COLUMNS)) {
            for (Group<Finding> group : report.groups()) {
                sheet.row(
                        Arrays.asList(
                                group.finding().words(),
                                group.role(),
                                group.attribute(),
                                group.before(),
                                group.after(),
                                group.rows()));
            }
        }
    }

    private void table(PlanReport report, PlanRequest request) {
        PrintStream out = terminal.out();
        Plan plan = report.plan();
        if (plan == null) {
            out.println(
                    "Nothing is due: there is nothing to plan; `reconciler status` tells what waits, and for what.");
            return;
        }
        try (Sheet sheet = format.open(out, "groups", TABLE)) {
            report.groups().stream().limit(GROUPS).forEach(group -> sheet.row(cells(group)));
        }
        long more = report.groups().stream().skip(GROUPS).count();
        if (more > 0 || report.ungrouped() > 0) {
            out.println(
                    "... and "
                            + Counted.of(hidden(report), "row")
                            + " of more kinds; -o json or csv has "
                            + (report.ungrouped() > 0 ? "the first 1000 kinds" : "all of them"));
        }
        out.println();
        summary(report, request, plan);
    }

    /// The rows were shown: what is left is the summary, and for a program the plan's name alone,
    /// on standard error.
    void showBesideRows(PlanReport report, PlanRequest request) {
        Plan plan = report.plan();
        if (plan == null) {
            terminal.say("Nothing is due: there is nothing to plan.");
        } else if (format == Format.TABLE) {
            terminal.out().println();
            summary(report, request, plan);
        } else {
            terminal.say(name(plan));
        }
    }

    private void summary(PlanReport report, PlanRequest request, Plan plan) {
        terminal.out().println(summary(report));
        tell(report, request);
        terminal.out().println(name(plan));
    }

    private String name(Plan plan) {
        return "Plan "
                + plan.name()
                + " sha256:"
                + plan.sha256()
                + " valid until "
                + times.of(plan.validUntil());
    }

    private static long hidden(PlanReport report) {
        return report.groups().stream().skip(GROUPS).mapToLong(Group::rows).sum()
                + report.ungrouped();
    }

    private static List<Object> cells(Group<Finding> group) {
        boolean known = group.after() == null;
        return List.of(
                PlanRows.sign(group.finding(), group.before()),
                group.finding().words(),
                group.role(),
                group.attribute(),
                known ? "" : value(group.finding(), group.before()),
                known ? "" : "->",
                known ? "" : value(group.finding(), group.after()),
                group.rows());
    }

    private static String value(Finding finding, @Nullable String value) {
        if (value == null) {
            return switch (finding) {
                case GONE, UNREADABLE -> "?";
                case CHANGE, ROLE, UNCHANGED, ENDED, SUPERSEDED, EXPIRED -> "(none)";
            };
        }
        return shortened(value);
    }

    /// A value as a table shows it.
    static String shortened(@Nullable String value) {
        if (value == null) {
            return "(none)";
        }
        String shown = PlainText.oneLine(value);
        return shown.isEmpty()
                ? "\"\""
                : shown.length() > WIDEST_VALUE
                        ? shown.substring(0, WIDEST_VALUE - 1) + "\u2026"
                        : shown;
    }

    private static String summary(PlanReport report) {
        long looked = report.counts().values().stream().mapToLong(Long::longValue).sum();
        return Counted.of(looked, "row")
                + (looked < report.rowsInScope()
                        ? " of " + report.rowsInScope() + " looked at: "
                        : ": ")
                + Arrays.stream(Finding.values())
                        .filter(finding -> report.count(finding) > 0)
                        .map(finding -> report.count(finding) + " " + finding.words())
                        .collect(Collectors.joining(", "))
                + ".";
    }

    private void tell(PlanReport report, PlanRequest request) {
        PrintStream out = terminal.out();
        Estimate estimate = report.estimate();
        out.println(
                (request.sample() == null ? "A run needs " : "A run of all rows needs about ")
                        + Counted.of(estimate.requests(), "request")
                        + " ("
                        + Counted.of(estimate.reads(), "read")
                        + ", "
                        + Counted.of(estimate.changes(), "change")
                        + "), about "
                        + ProgressDisplay.duration(estimate.takes())
                        + " at "
                        + Math.round(estimate.perMinute())
                        + " a minute.");
        if (estimate.windowEnds() != null) {
            out.println(window(estimate, estimate.windowEnds()));
        }
        if (estimate.tooLate() > 0) {
            out.println(
                    "Begun at "
                            + seconds(estimate.begins())
                            + " it is over at "
                            + seconds(estimate.ends())
                            + ": too late for up to "
                            + Counted.of(estimate.tooLate(), "row")
                            + ", the first of which expires at "
                            + seconds(estimate.firstDeadline())
                            + ".");
        }
        if (report.notDue() > 0) {
            out.println(
                    Counted.of(report.notDue(), "row")
                            + " of it are not due yet; a run leaves them.");
        }
        if (report.atomic() > 0) {
            out.println(
                    Counted.of(report.atomic(), "row")
                            + (report.atomic() == 1 ? " is" : " are")
                            + " atomic: what a set asks of a participant goes in one request, or not at all.");
        }
        if (report.count(Finding.ENDED) > 0) {
            out.println(
                    "Changes to ended conversations are sent all the same; what becomes of them the API decides.");
        }
        if (request.sample() != null) {
            out.println("A sample can be neither approved nor applied.");
        }
    }

    private String window(Estimate estimate, Instant end) {
        return "The window of the run that begins at "
                + seconds(estimate.begins())
                + " closes at "
                + seconds(end)
                + ": "
                + (estimate.fitsTheWindow()
                        ? "that is time enough."
                        : "that is not time enough, the run would end at "
                                + seconds(estimate.ends())
                                + ".");
    }

    private String seconds(@Nullable Instant moment) {
        return moment == null ? "?" : times.of(moment);
    }
}
