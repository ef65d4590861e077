package reconciler.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import reconciler.audit.AuditTrail;
import reconciler.audit.Head;
import reconciler.database.Database;

/// `reconciler audit anchor`
@Command(
        name = "anchor",
        mixinStandardHelpOptions = true,
        header = "Print where the audit journal ends now.",
        description =
                "Prints where the journal ends now. Keep the line in a place that the writers of the database cannot write to.",
        footer = {"", "Examples:", "  reconciler audit anchor --anchor-file /mnt/worm/anchors"})
final class AuditAnchorCommand implements Callable<Integer> {
    private final Session session;

    @Mixin private AnchorOptions anchors = new AnchorOptions();

    AuditAnchorCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Database database = session.database()) {
            Head head = new AuditTrail(database.dataSource()).head();
            session.terminal().out().println(head.inOneLine());
            return anchors.keep(head, session.terminal()).code();
        }
    }
}
