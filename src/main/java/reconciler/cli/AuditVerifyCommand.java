package reconciler.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reconciler.audit.AnchorFile;
import reconciler.audit.Head;
import reconciler.audit.Verification;
import reconciler.database.Database;
import reconciler.run.ExitCode;

/// `reconciler audit verify`
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        header = "Check the audit for changed, removed, added and reordered rows.",
        description = {
            "Recomputes every seal from the rows. Exit 9 when something was altered, deleted, inserted, swapped or replaced.",
            "A chain cannot see its own end cut off: give the anchors of earlier runs for that.",
            "A login that does not see values verifies all but them, and the answer says so."
        },
        footer = {
            "",
            "Examples:",
            "  reconciler audit verify --anchor /mnt/worm/anchors",
            "  reconciler audit verify --since 2026-11-01T00:00:00Z",
            "  reconciler audit verify --since -24h"
        })
final class AuditVerifyCommand implements Callable<Integer> {
    private final Session session;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only what was sealed from that moment on, or from now: -24h.")
    private @Nullable String since;

    @Option(
            names = "--anchor",
            paramLabel = "FILE",
            description =
                    "Heads that were written by `run --anchor-file` or `audit anchor`. Those older than --since are not compared.")
    private @Nullable Path anchor;

    AuditVerifyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Instant from = Moment.of("--since", since, session.clock());
        List<Head> anchors = anchor == null ? List.of() : new AnchorFile(anchor).read();
        try (Database database = session.database()) {
            Instant began = session.clock().instant();
            Verification.Report report =
                    new Verification(database.dataSource()).verify(from, anchors);
            long millis = session.clock().instant().toEpochMilli() - began.toEpochMilli();
            report.first().forEach(fault -> session.terminal().say("BROKEN: " + fault));
            session.terminal().out().println(VerificationInWords.of(report, millis));
            return (report.isSound() ? ExitCode.OK : ExitCode.INTEGRITY).code();
        }
    }
}
