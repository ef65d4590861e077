package reconciler.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import reconciler.audit.OutcomeFilter;
import reconciler.audit.OutcomeView;
import reconciler.database.Database;
import reconciler.run.ExitCode;

/// `reconciler outcomes`
@Command(
        name = "outcomes",
        mixinStandardHelpOptions = true,
        header = "List and export the outcomes of finished changes.",
        description = "What became of changes: one row per change that is over.",
        footer = {
            "",
            "Examples:",
            "  reconciler outcomes --run 12 --status rejected,failed",
            "  reconciler outcomes --set 3 -o csv > outcomes.csv",
            "  reconciler outcomes --since -24h --attribute customer.tier --error participant.not.found",
            "  reconciler outcomes --run 12 --status rejected,failed --as-changes -o csv > again.csv &&",
            "      reconciler queue again.csv"
        })
final class OutcomesCommand implements Callable<Integer> {
    private final Session session;

    @Mixin private OutcomeOptions wanted = new OutcomeOptions();

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

    private long seen;

    OutcomesCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        refuseContradictions();
        OutcomeFilter filter = wanted.filter(session.clock());
        try (Database database = session.database()) {
            var view = new OutcomeView(database.dataSource());
            if (asChanges) {
                seen = new ChangesAgain(view, session.terminal()).write(filter, format);
            } else {
                write(view, filter);
            }
            if (seen == 0) {
                wanted.demandKnown(database.dataSource());
            }
            return ExitCode.OK.code();
        }
    }

    private void write(OutcomeView view, OutcomeFilter filter) {
        OutcomeSheet chosen = format == Format.TABLE ? OutcomeSheet.BRIEF : OutcomeSheet.EVERY;
        try (Sheet sheet = sheet(chosen.names())) {
            view.outcomes(
                    filter,
                    row -> {
                        session.terminal().out().demandOpen();
                        seen++;
                        sheet.row(chosen.of(row));
                    });
        }
    }

    private Sheet sheet(List<String> columns) {
        return raw
                ? CsvSheet.exact(session.terminal().out(), columns)
                : format.open(session.terminal().out(), "outcomes", columns);
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
