package reconciler.cli;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import reconciler.database.Database;
import reconciler.queue.ChangeSetView;
import reconciler.run.ExitCode;

/// `reconciler sets`
@Command(
        name = "sets",
        mixinStandardHelpOptions = true,
        header = "List the latest change sets and how their rows stand.",
        description =
                "In force: applied, or found already so. Over: ended otherwise; `reconciler outcomes --set SET` tells how.",
        footer = {"", "Examples:", "  reconciler sets", "  reconciler sets --limit 100 -o csv"})
final class SetsCommand implements Callable<Integer> {
    private static final List<String> COLUMNS =
            List.of(
                    "set",
                    "queued_at",
                    "requested_by",
                    "rows",
                    "waiting",
                    "in_force",
                    "over",
                    "approved_by",
                    "source",
                    "ticket",
                    "reason");

    private final Session session;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "At most so many, the newest first. Default: ${DEFAULT-VALUE}")
    private int limit = 20;

    @Option(
            names = "-o",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table, json, jsonl or csv")
    private Format format = Format.TABLE;

    @Mixin private Times times = Times.local();

    SetsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (limit < 1) {
            throw new CommandFailed(ExitCode.USAGE, "--limit is at least 1, not " + limit);
        }
        try (Database database = session.database()) {
            List<ChangeSetView.Line> lines = new ChangeSetView(database.dataSource()).last(limit);
            try (Sheet sheet = format.open(session.terminal().out(), "sets", COLUMNS)) {
                lines.forEach(line -> sheet.row(cells(line)));
            }
            if (lines.isEmpty()) {
                session.terminal().say("There is no change set yet; `reconciler queue` makes one.");
            }
            return ExitCode.OK.code();
        }
    }

    private List<@Nullable Object> cells(ChangeSetView.Line line) {
        return Arrays.asList(
                line.set(),
                format == Format.TABLE ? times.of(line.createdAt()) : line.createdAt(),
                line.requestedBy(),
                line.rows(),
                line.waiting(),
                line.inForce(),
                line.over(),
                line.approvedBy(),
                line.source(),
                line.ticket(),
                line.reason());
    }
}
