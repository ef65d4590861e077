package reconciler.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reconciler.database.Database;
import reconciler.database.Migrations;
import reconciler.run.ExitCode;

/// `reconciler migrate`
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        header = "Create or update the database tables.",
        description = "Brings the database's tables to this version's shape.",
        footer = {
            "",
            "Examples:",
            "  reconciler migrate",
            "  RECONCILER_DB_USER=reconciler_migrate reconciler migrate     with the roles of db/roles"
        })
final class MigrateCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--verbose", description = "Name every migration.")
    private boolean verbose;

    MigrateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Database database = session.database()) {
            List<String> applied = new Migrations(database.dataSource()).apply();
            session.terminal()
                    .say(
                            applied.isEmpty()
                                    ? "The tables are up to date."
                                    : Counted.of(applied.size(), "migration") + " applied.");
            if (verbose) {
                applied.forEach(session.terminal()::say);
            }
            return ExitCode.OK.code();
        }
    }
}
