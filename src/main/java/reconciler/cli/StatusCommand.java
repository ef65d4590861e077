package reconciler.cli;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reconciler.audit.AuditView;
import reconciler.database.Database;
import reconciler.pace.RateView;
import reconciler.queue.QueueView;
import reconciler.run.ExitCode;
import reconciler.run.Leases;
import reconciler.run.Pulse;

/// `reconciler status`
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description =
                "What waits, what is under way, who holds the lease, how the last runs ended.")
final class StatusCommand implements Callable<Integer> {
    private static final List<String> QUEUE = List.of("role", "state", "rows", "oldest");
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

    private static final DateTimeFormatter TIME_OF_DAY = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final Session session;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "5",
            description = "How many runs. Default: 5")
    private int runs = 5;

    @Option(
            names = "-o",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table, or json, jsonl, csv: those have the runs only")
    private Format format = Format.TABLE;

    StatusCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Database database = session.database()) {
            if (format == Format.TABLE) {
                queue(new QueueView(database.dataSource()).depths());
                Leases leases = new Leases(database.dataSource());
                Leases.Holder holder = leases.holder();
                lease(holder);
                heldUp(holder == null ? null : leases.pulse(holder));
                paused(new RateView(database.dataSource()).paused());
            }
            runs(new AuditView(database.dataSource()).runs(null, runs));
            return ExitCode.OK.code();
        }
    }

    private void queue(List<QueueView.Depth> depths) {
        if (depths.isEmpty()) {
            session.terminal().out().println("Nothing waits.");
        } else {
            try (Sheet sheet = format.open(session.terminal().out(), "queue", QUEUE)) {
                depths.forEach(depth ->
                        sheet.row(
                                List.of(
                                        depth.role().name(),
                                        depth.state(),
                                        depth.rows(),
                                        depth.oldest())));
            }
        }
    }

    private void lease(Leases.@Nullable Holder holder) {
        session.terminal()
                .out()
                .println(
                        holder == null || !holder.isAlive()
                                ? "No run is under way.\n"
                                : "Run "
                                        + holder.runId()
                                        + " is under way: "
                                        + holder.owner()
                                        + ", since "
                                        + holder.acquiredAt()
                                        + ", last seen "
                                        + holder.renewedAt()
                                        + ".\n");
    }

    private void heldUp(@Nullable Pulse pulse) {
        if (pulse != null && pulse.heldUpBy() != null) {
            session.terminal()
                    .out()
                    .println("Nothing is sent for now: " + pulse.heldUpBy() + ".\n");
        }
    }

    private void paused(List<RateView.Paused> paused) {
        paused.forEach(rate ->
                session.terminal()
                        .out()
                        .println(
                                rate.name()
                                        + ": limited until "
                                        + TIME_OF_DAY.format(
                                                rate.until()
                                                        .truncatedTo(ChronoUnit.SECONDS)
                                                        .plusSeconds(1)
                                                        .atZone(ZoneId.systemDefault()))
                                        + " (the API asked for a pause)\n"));
    }

    private void runs(List<AuditView.RunRow> rows) {
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
