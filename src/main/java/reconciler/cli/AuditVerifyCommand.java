package reconciler.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
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
        description = {
            "Recomputes every seal from the rows. Exit 9 when something was altered, deleted, inserted, swapped or replaced.",
            "A chain cannot see its own end cut off: give the anchors of earlier runs for that."
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
            description = "Heads that were written by `run --anchor-file` or `audit anchor`.")
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
            session.terminal().out().println(inWords(report, anchors.size(), millis));
            return (report.isSound() ? ExitCode.OK : ExitCode.INTEGRITY).code();
        }
    }

    private static String inWords(Verification.Report report, int anchors, long millis) {
        return String.format(
                Locale.ROOT,
                "%s: %s, %s, %s in %.1f s; %s erased, %s in dropped months, %s compared; head %s",
                report.isSound() ? "sound" : Counted.of(report.faults(), "fault"),
                Counted.of(report.seals(), "seal"),
                Counted.of(report.outcomes(), "outcome"),
                Counted.of(report.attempts(), "attempt"),
                millis / 1_000.0,
                Counted.of(report.erased(), "value"),
                Counted.of(report.dropped(), "row"),
                Counted.of(anchors, "anchor"),
                report.head().inOneLine());
    }
}
