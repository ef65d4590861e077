package reconciler.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reconciler.audit.Retention;
import reconciler.database.Database;
import reconciler.run.ExitCode;

/// `reconciler audit retain`
@Command(
        name = "retain",
        mixinStandardHelpOptions = true,
        header = "Delete audit data that is older than its retention.",
        description = {
            "Drops whole months that are older than they need to be kept. Outcomes and attempts of a month go only after",
            "`audit export --month`; while one of them may not go, nothing is dropped. Each month dropped is an event.",
            "With roles: as reconciler_migrate."
        },
        footer = {"", "Examples:", "  reconciler audit retain --outcomes 84 --values 6"})
final class AuditRetainCommand implements Callable<Integer> {
    private final Session session;

    @Option(
            names = "--outcomes",
            required = true,
            paramLabel = "MONTHS",
            description = "Keep outcomes and attempts so long.")
    private int outcomes;

    @Option(
            names = "--values",
            paramLabel = "MONTHS",
            description = "Keep attribute values so long. Default: as long as outcomes.")
    private @Nullable Integer values;

    AuditRetainCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (outcomes < 1 || (values != null && values < 1)) {
            throw new CommandFailed(ExitCode.USAGE, "keep at least 1 month");
        }
        try (Database database = session.database()) {
            List<String> dropped = new ArrayList<>();
            // As it happens: what is gone stays gone when the next month cannot be dropped.
            new Retention(database.dataSource())
                    .retain(
                            outcomes,
                            values,
                            session.user(),
                            month -> {
                                dropped.add(month);
                                session.terminal().out().println("dropped: " + month);
                            });
            if (dropped.isEmpty()) {
                session.terminal().out().println("nothing is old enough");
            }
            return ExitCode.OK.code();
        }
    }
}
