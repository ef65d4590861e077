package reconciler.cli;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import reconciler.audit.AuditView.RunRow;
import reconciler.database.Database;
import reconciler.run.ExitCode;
import reconciler.run.StopSignal;

/// `reconciler status`
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        header = "Show the current run, what waits and for what, and the latest runs.",
        description =
                "For the run under way: rows by role, its rate, the share of answers 429, the time left. For what does not move:"
                        + " why, and what to do.",
        footer = {
            "",
            "Examples:",
            "  reconciler status",
            "  reconciler status --watch           again every 2 s, until the run under way has ended",
            "  reconciler status --utc -o json"
        })
final class StatusCommand implements Callable<Integer> {
    private static final List<String> RUNS =
            List.of(
                    "run",
                    "job",
                    "trigger",
                    "started_at",
                    "ended_at",
                    "planned",
                    "exit_code",
                    "explanation",
                    "requests",
                    "throttled");

    private final Session session;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "5",
            description = "How many of the last runs. Default: ${DEFAULT-VALUE}")
    private int runs = 5;

    @Option(
            names = "--job",
            paramLabel = "JOB",
            defaultValue = "nightly",
            description =
                    "Whose rule about approvals and whose schedule count when no run is under way. Default: ${DEFAULT-VALUE}")
    private String job = "nightly";

    @Option(
            names = "--watch",
            description =
                    "Look again and again: until the run under way has ended; without one until Ctrl-C.")
    private boolean watch;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            defaultValue = "2s",
            description = "How often --watch looks. Default: ${DEFAULT-VALUE}")
    private String every = "2s";

    @Option(
            names = "-o",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table, json, or jsonl and csv: those have the last runs only")
    private Format format = Format.TABLE;

    @Mixin private Times times = Times.local();

    StatusCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Duration pause = TimeOption.parse("--every", every);
        if (runs < 1) {
            throw new CommandFailed(ExitCode.USAGE, "--runs is at least 1, not " + runs);
        }
        try (Database database = session.database()) {
            var situations = new Situations(database.dataSource(), session.jobs());
            Situation first = situations.look(job, runs);
            show(first);
            if (watch) {
                watch(situations, first, pause);
            }
            return ExitCode.OK.code();
        }
    }

    private void watch(Situations situations, Situation first, Duration pause) {
        var time = new StopSignal();
        Situation seen = first;
        while ((first.underWay() == null || seen.underWay() != null) && time.pause(pause)) {
            seen = situations.look(job, runs);
            session.terminal().startOver();
            show(seen);
        }
    }

    private void show(Situation situation) {
        switch (format) {
            case TABLE -> new SituationText(session.terminal().out(), times).show(situation);
            case JSON -> new SituationJson(session.terminal().out()).show(situation);
            case JSONL, CSV -> runs(situation.last());
        }
    }

    private void runs(List<RunRow> rows) {
        try (Sheet sheet = format.open(session.terminal().out(), "runs", RUNS)) {
            rows.forEach(row ->
                    sheet.row(
                            Arrays.asList(
                                    row.runId(),
                                    row.job(),
                                    row.trigger(),
                                    row.startedAt(),
                                    row.endedAt(),
                                    row.planned(),
                                    row.exitCode(),
                                    row.explanation(),
                                    row.requests(),
                                    row.throttled())));
        }
    }
}
