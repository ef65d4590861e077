package reconciler.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reconciler.database.Database;
import reconciler.run.BatchHistory;
import reconciler.run.ExitCode;

/// `reconciler purge`
@Command(
        name = "purge",
        mixinStandardHelpOptions = true,
        header = "Delete Spring Batch's metadata of old runs.",
        description =
                "The audit stays whole, and so does the queue; the latest run is always kept. Is an event itself. Also while a run"
                        + " is under way.",
        footer = {"", "Examples:", "  reconciler purge --keep 90d"})
final class PurgeCommand implements Callable<Integer> {
    private final Session session;

    @Option(
            names = "--keep",
            required = true,
            paramLabel = "TIME",
            description = "Keep what ended within this time, such as 90d.")
    private String keep = "";

    PurgeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var kept = TimeOption.parse("--keep", keep);
        try (Database database = session.database()) {
            long purged =
                    new BatchHistory(database.dataSource(), session.clock())
                            .purge(kept, session.user());
            session.terminal()
                    .out()
                    .println(
                            purged == 0
                                    ? "nothing is old enough"
                                    : "purged Batch's notes of " + Counted.of(purged, "run"));
            return ExitCode.OK.code();
        }
    }
}
