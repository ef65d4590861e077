package reconciler.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reconciler.audit.EvidencePack;
import reconciler.audit.PackFile;
import reconciler.database.Database;
import reconciler.run.ExitCode;

/// `reconciler audit export FILE`
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        header = "Write an evidence pack of the audit.",
        description =
                "Writes an evidence pack: rows, seals, counts, the SQL, sums, and a script that recomputes the seals.",
        footer = {
            "",
            "Examples:",
            "  reconciler audit export run-12.zip --run 12",
            "  reconciler audit export november.zip --month 2026-11",
            "  reconciler audit export q4.zip --from 2026-10-01T00:00:00Z --until 2027-01-01T00:00:00Z"
        })
final class AuditExportCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "FILE", description = "The zip file to write; it must not exist.")
    private @Nullable Path file;

    @Option(names = "--run", paramLabel = "ID", description = "This run, which has ended.")
    private @Nullable Long run;

    @Option(
            names = "--month",
            paramLabel = "YYYY-MM",
            description = "This month, in UTC, an hour after its end or later.")
    private @Nullable String month;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "What was sealed from then on, or from now: -24h;")
    private @Nullable String from;

    @Option(names = "--until", paramLabel = "TIME", description = "and before then; +0s is now.")
    private @Nullable String until;

    AuditExportCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Database database = session.database()) {
            String manifest = write(new EvidencePack(database.dataSource()));
            session.terminal().out().println(file + ": sha256 of its SHA256SUMS " + manifest);
            return ExitCode.OK.code();
        }
    }

    private String write(EvidencePack pack) {
        if (run != null && month == null && from == null && until == null) {
            return pack.ofRun(run, session.user(), file());
        }
        if (run == null && month != null && from == null && until == null) {
            return pack.ofMonth(month(month), session.user(), file());
        }
        Instant first = Moment.of("--from", from, session.clock());
        Instant end = Moment.of("--until", until, session.clock());
        if (run == null && month == null && first != null && end != null) {
            return pack.between(first, end, session.user(), file());
        }
        throw new CommandFailed(
                ExitCode.USAGE, "say what to export: --run, or --month, or --from and --until");
    }

    static YearMonth month(String text) {
        try {
            return YearMonth.parse(text);
        } catch (DateTimeParseException noMonth) {
            throw new CommandFailed(
                    ExitCode.USAGE, "--month is a month such as 2026-11, not " + text);
        }
    }

    private PackFile file() {
        return new PackFile(Objects.requireNonNull(file));
    }
}
