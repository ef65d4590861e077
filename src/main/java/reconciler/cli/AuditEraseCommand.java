package reconciler.cli;

import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reconciler.audit.Erasure;
import reconciler.database.Database;
import reconciler.run.ExitCode;

/// `reconciler audit erase`
@Command(
        name = "erase",
        mixinStandardHelpOptions = true,
        header = "Erase a participant's values from the audit.",
        description = {
            "Erases a participant's attribute values from the record and from settled rows of the queue. Outcomes and seals",
            "stay, and verify as before. Is an event itself. With roles: as reconciler_reveal."
        },
        footer = {
            "",
            "Examples:",
            "  reconciler audit erase --participant 593b4716-4c81-4ef8-9cbb-d5bc510e246c --reason \"request 17\""
        })
final class AuditEraseCommand implements Callable<Integer> {
    private final Session session;

    @Option(
            names = "--participant",
            required = true,
            paramLabel = "UUID",
            description = "Whose values.")
    private UUID participant = new UUID(0, 0);

    @Option(names = "--reason", required = true, description = "Why, for the audit.")
    private String reason = "";

    AuditEraseCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Database database = session.database()) {
            long erased =
                    new Erasure(database.dataSource()).erase(participant, session.user(), reason);
            session.terminal()
                    .out()
                    .println(
                            "participant "
                                    + participant
                                    + ": values of "
                                    + Counted.of(erased, "outcome")
                                    + " erased");
            return ExitCode.OK.code();
        }
    }
}
