package reconciler.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import reconciler.audit.AuditView.RunRow;
import reconciler.queue.Backlog.Cause;
import reconciler.run.Leases;
import reconciler.run.Pulse;

/// How everything stands, for people.
record SituationText(PrintStream out, Times times) {
    private static final int FIRINGS = 3;
    private static final List<String> ROLES =
            List.of("role", "planned", "settled", "not applied", "left");
    private static final List<String> BACKLOG =
            List.of("role", "waits for", "rows", "oldest", "next");
    private static final List<String> RUNS =
            List.of(
                    "run",
                    "job",
                    "trigger",
                    "started",
                    "ended",
                    "planned",
                    "exit",
                    "explanation",
                    "requests",
                    "429");

    void show(Situation situation) {
        if (situation.underWay() == null) {
            out.println("No run is under way.");
        } else {
            show(situation, situation.underWay());
        }
        if (situation.express() != null) {
            express(situation.express());
        }
        out.println();
        backlog(situation);
        new Standstill(times).reasons(situation).forEach(out::println);
        if (situation.job().schedule() != null) {
            out.println(
                    "Schedule of "
                            + new ScheduleInWords(
                                            situation.job().name(), situation.job().schedule())
                                    .with(FIRINGS, situation.now())
                            + ".");
        }
        if (!situation.last().isEmpty()) {
            out.println();
            runs(situation.last());
        }
    }

    private void express(Situation.Express lane) {
        out.println(
                "The express lane is open: "
                        + lane.holder().owner()
                        + ", since "
                        + times.of(lane.holder().acquiredAt())
                        + "; "
                        + Counted.of(lane.inFlight(), "row")
                        + " in flight.");
    }

    private void show(Situation situation, Situation.UnderWay run) {
        Leases.Holder holder = run.holder();
        String name = holder.name();
        out.println(
                Character.toUpperCase(name.charAt(0))
                        + name.substring(1)
                        + (run.job() == null ? "" : " of job " + run.job())
                        + " is under way: "
                        + holder.owner()
                        + ", since "
                        + times.of(holder.acquiredAt())
                        + " ("
                        + ProgressDisplay.duration(
                                Duration.between(holder.acquiredAt(), situation.now()))
                        + ").");
        if (run.pulse() != null) {
            pulse(run, run.pulse(), situation);
        }
    }

    private void pulse(Situation.UnderWay run, Pulse pulse, Situation situation) {
        try (Sheet sheet = Format.TABLE.open(out, "roles", ROLES)) {
            for (Pulse.OfRole role : pulse.roles()) {
                sheet.row(
                        List.of(
                                role.role(),
                                role.planned(),
                                role.settled(),
                                role.notApplied(),
                                role.left()));
            }
        }
        @Nullable Duration left = run.timeLeft();
        out.println(
                String.format(
                        Locale.ROOT,
                        "%d of %d rows settled, %s so far; now %.0f requests a minute of at most %.0f, %.1f %% answered 429; %s.",
                        pulse.settled(),
                        pulse.planned(),
                        Counted.of(pulse.requests(), "request"),
                        pulse.perMinute(),
                        pulse.ceilingPerMinute(),
                        pulse.throttledShare() * 100,
                        left == null
                                ? "no telling how long yet"
                                : "about "
                                        + ProgressDisplay.duration(left)
                                        + " left, until "
                                        + times.of(situation.now().plus(left))));
    }

    private void backlog(Situation situation) {
        if (situation.backlog().lines().isEmpty()) {
            out.println("Nothing waits.");
            return;
        }
        try (Sheet sheet = Format.TABLE.open(out, "backlog", BACKLOG)) {
            situation
                    .backlog()
                    .lines()
                    .forEach(line ->
                            sheet.row(
                                    Arrays.asList(
                                            line.role().name(),
                                            inWords(line.cause()),
                                            line.rows(),
                                            times.of(line.oldest()),
                                            line.next() == null ? null : times.of(line.next()))));
        }
    }

    private static String inWords(Cause cause) {
        return switch (cause) {
            case IN_FLIGHT -> "(in flight)";
            case PAUSED -> "the end of its pause";
            case NOT_BEFORE -> "its not-before";
            case PUT_OFF -> "its next attempt";
            case UNAPPROVED -> "an approval";
            case SET_ASIDE -> "a person (set aside)";
            case RUN -> "a run";
        };
    }

    private void runs(List<RunRow> rows) {
        try (Sheet sheet = Format.TABLE.open(out, "runs", RUNS)) {
            rows.forEach(row ->
                    sheet.row(
                            Arrays.asList(
                                    row.runId(),
                                    row.job(),
                                    row.trigger(),
                                    times.of(row.startedAt()),
                                    row.endedAt() == null ? null : times.of(row.endedAt()),
                                    row.planned(),
                                    row.exitCode(),
                                    row.explanation(),
                                    row.requests(),
                                    row.throttled())));
        }
    }
}
