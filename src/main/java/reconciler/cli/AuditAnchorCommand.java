package reconciler.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reconciler.audit.AnchorFile;
import reconciler.audit.AuditTrail;
import reconciler.audit.Head;
import reconciler.database.Database;
import reconciler.run.ExitCode;

/// `reconciler audit anchor`
@Command(
        name = "anchor",
        mixinStandardHelpOptions = true,
        description =
                "Prints where the journal ends now. Keep the line where nobody can write who can write to the database.",
        footer = {"", "Examples:", "  reconciler audit anchor --anchor-file /mnt/worm/anchors"})
final class AuditAnchorCommand implements Callable<Integer> {
    private final Session session;

    @Option(
            names = "--anchor-file",
            paramLabel = "FILE",
            description = "Append the line there too.")
    private @Nullable Path file;

    AuditAnchorCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Database database = session.database()) {
            Head head = new AuditTrail(database.dataSource()).head();
            if (file != null) {
                new AnchorFile(file).append(head);
            }
            session.terminal().out().println(head.inOneLine());
            return ExitCode.OK.code();
        }
    }
}
