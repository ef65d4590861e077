package reconciler.cli;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reconciler.audit.OutcomeFilter;
import reconciler.audit.OutcomeView;
import reconciler.change.ChangeState;
import reconciler.database.Database;
import reconciler.run.ExitCode;

/// `reconciler outcomes`
@Command(
        name = "outcomes",
        mixinStandardHelpOptions = true,
        description = "What became of changes: one row per change that is over.",
        footer = {
            "",
            "Examples:",
            "  reconciler outcomes --run 12 --status rejected,failed",
            "  reconciler outcomes --set 3 -o csv > outcomes.csv",
            "  reconciler outcomes --since -24h --attribute customer.tier --error participant.not.found",
            "  reconciler outcomes --run 12 --status rejected,failed --as-changes -o csv > again.csv",
            "  reconciler queue again.csv"
        })
final class OutcomesCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--run", paramLabel = "ID", description = "Only this run's.")
    private @Nullable Long run;

    @Option(names = "--set", paramLabel = "ID", description = "Only this change set's.")
    private @Nullable Long set;

    @Option(names = "--participant", paramLabel = "UUID", description = "Only this participant's.")
    private @Nullable UUID participant;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            split = ",",
            description =
                    "Only these: applied, unchanged, superseded, rejected, conflict, expired, cancelled, failed.")
    private Set<ChangeState> statuses = Set.of();

    @Option(
            names = "--conversation",
            paramLabel = "UUID",
            description = "Only this conversation's.")
    private @Nullable UUID conversation;

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "Only participants queued with this role.")
    private @Nullable String role;

    @Option(names = "--attribute", paramLabel = "NAME", description = "Only this attribute.")
    private @Nullable String attribute;

    @Option(names = "--error", paramLabel = "CODE", description = "Only this error code.")
    private @Nullable String error;

    @Option(
            names = "--requested-by",
            paramLabel = "NAME",
            description = "Only what this person asked for.")
    private @Nullable String requester;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "From this moment on: 2026-11-23T18:00:00Z, or -2h.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Before this moment.")
    private @Nullable String until;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "At most so many. Default: all of them.")
    private long limit = Long.MAX_VALUE;

    @Option(
            names = "-o",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table (without values), or json, jsonl, csv with every column")
    private Format format = Format.TABLE;

    @Option(
            names = "--raw",
            description =
                    "CSV exactly; otherwise an apostrophe keeps spreadsheets from running what looks like a formula.")
    private boolean raw;

    @Option(
            names = "--as-changes",
            description =
                    "With -o csv or jsonl: a file that `queue` takes, exact, the latest of each attribute; nothing that a"
                            + " later change has overtaken. Empty values are queued with --allow-empty.")
    private boolean asChanges;

    OutcomesCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        OutcomeFilter filter = filter();
        refuseContradictions();
        try (Database database = session.database()) {
            var view = new OutcomeView(database.dataSource());
            if (asChanges) {
                new ChangesAgain(view, session.terminal()).write(filter, format);
            } else {
                write(view, filter);
            }
            return ExitCode.OK.code();
        }
    }

    private void write(OutcomeView view, OutcomeFilter filter) {
        OutcomeSheet chosen = format == Format.TABLE ? OutcomeSheet.BRIEF : OutcomeSheet.EVERY;
        try (Sheet sheet = sheet(chosen.names())) {
            view.outcomes(filter, row -> sheet.row(chosen.of(row)));
        }
    }

    private Sheet sheet(List<String> columns) {
        return raw
                ? CsvSheet.exact(session.terminal().out(), columns)
                : format.open(session.terminal().out(), "outcomes", columns);
    }

    private OutcomeFilter filter() {
        Instant from = Moment.of("--since", since, session.clock());
        Instant to = Moment.of("--until", until, session.clock());
        if (from != null && to != null && !from.isBefore(to)) {
            throw new CommandFailed(
                    ExitCode.USAGE, "--since " + from + " is not before --until " + to);
        }
        return new OutcomeFilter(
                run,
                set,
                null,
                conversation,
                participant,
                role,
                attribute,
                error,
                requester,
                from,
                to,
                statuses,
                limit);
    }

    private void refuseContradictions() {
        if (raw && format != Format.CSV) {
            throw new CommandFailed(ExitCode.USAGE, "--raw is about CSV: add -o csv");
        }
        if (asChanges && format != Format.CSV && format != Format.JSONL) {
            throw new CommandFailed(
                    ExitCode.USAGE, "--as-changes writes a file for queue: add -o csv or -o jsonl");
        }
    }
}
