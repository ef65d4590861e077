package reconciler.cli;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reconciler.database.Database;
import reconciler.patch.ApiSettings;
import reconciler.plan.Standing;
import reconciler.plan.Verified;
import reconciler.plan.Verifier;
import reconciler.run.ExitCode;
import reconciler.run.JobFile;
import reconciler.run.StopSignal;

/// `reconciler verify SET`
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        header = "Read applied values back and report what has drifted.",
        description =
                "Says too what drifted, and what is gone. Exit 3 when something is not as it was left.",
        footer = {
            "",
            "Examples:",
            "  reconciler verify 7",
            "  reconciler verify --since -24h -o json",
            "  reconciler verify 7 --requeue            queue anew what drifted, as a change set"
        })
final class VerifyCommand implements Callable<Integer> {
    private static final int SHOWN = 200;

    private static final List<String> COLUMNS =
            List.of(
                    "change",
                    "conversation",
                    "participant",
                    "role",
                    "attribute",
                    "standing",
                    "applied",
                    "found");

    private static final List<String> TABLE =
            List.of("change", "role", "participant", "attribute", "standing", "applied", "found");

    private final Session session;

    @Parameters(paramLabel = "SET", arity = "0..1", description = "A change set.")
    private @Nullable Long set;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description =
                    "What was applied from then on, whatever its set: 2026-11-23T18:00:00Z, or -2h.")
    private @Nullable String since;

    @Option(
            names = "--job",
            paramLabel = "JOB",
            defaultValue = "nightly",
            description = "At whose pace. Default: ${DEFAULT-VALUE}")
    private String job = "nightly";

    @Option(names = "--requeue", description = "Queue what drifted anew, as a change set.")
    private boolean requeue;

    @Option(
            names = "--by",
            paramLabel = "NAME",
            description = "Who asks for that. Default: the operating system's user.")
    private @Nullable String by;

    @Option(
            names = "-o",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table (what is amiss), or json, jsonl, csv with every row")
    private Format format = Format.TABLE;

    private long shown;

    VerifyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if ((set == null) == (since == null)) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "say what to verify: a change set, or what was applied --since a time");
        }
        Instant from = Moment.of("--since", since, session.clock());
        JobFile file = session.jobs().load(job);
        ApiSettings api = session.api();
        return Termination.during(
                session,
                stop -> {
                    try (Database database = session.database()) {
                        return verify(
                                new Verifier(database.dataSource(), api, session.looker()),
                                file,
                                from,
                                stop);
                    }
                });
    }

    private ExitCode verify(
            Verifier verifier, JobFile file, @Nullable Instant from, StopSignal stop) {
        Verifier.Report report;
        try (Sheet sheet = sheet()) {
            report = verifier.verify(file, set, from, stop, row -> show(row, sheet));
        }
        sum(report);
        if (requeue) {
            requeue(verifier, report);
        }
        return report.isAmiss() ? ExitCode.NOT_APPLIED : ExitCode.OK;
    }

    private Sheet sheet() {
        return format == Format.TABLE
                ? TableSheet.unlessEmpty(session.terminal().out(), TABLE)
                : format.open(session.terminal().out(), "rows", COLUMNS);
    }

    private void show(Verified row, Sheet sheet) {
        if (format != Format.TABLE) {
            sheet.row(
                    Arrays.asList(
                            row.change(),
                            row.participant().conversationId(),
                            row.participant().participantId(),
                            row.role(),
                            row.attribute(),
                            row.standing().words(),
                            row.applied(),
                            row.found()));
        } else if (row.standing().isAmiss() && shown++ < SHOWN) {
            sheet.row(
                    Arrays.asList(
                            row.change(),
                            row.role(),
                            row.participant().participantId(),
                            row.attribute(),
                            row.standing().words(),
                            PlanReports.shortened(row.applied()),
                            row.standing() == Standing.DRIFTED
                                    ? PlanReports.shortened(row.found())
                                    : ""));
        }
    }

    private void sum(Verifier.Report report) {
        if (shown > SHOWN) {
            session.terminal()
                    .say("... and " + (shown - SHOWN) + " more; -o json or csv has all of them");
        }
        String counts =
                Arrays.stream(Standing.values())
                        .filter(standing -> report.count(standing) > 0)
                        .map(standing -> report.count(standing) + " " + standing.words())
                        .collect(Collectors.joining(", "));
        session.terminal()
                .say(
                        counts.isEmpty()
                                ? "Nothing was applied, so there is nothing to verify."
                                : counts + "; " + Counted.of(report.requests(), "request") + ".");
    }

    private void requeue(Verifier verifier, Verifier.Report report) {
        if (report.drifted().isEmpty()) {
            session.terminal().say("Nothing drifted, so nothing was queued.");
            return;
        }
        long again =
                verifier.requeue(
                        report,
                        by == null ? session.user() : by,
                        "drifted since it was applied"
                                + (set == null ? "" : " in change set " + set));
        session.terminal()
                .say(
                        "change set "
                                + again
                                + ": "
                                + Counted.of(report.drifted().size(), "change")
                                + " queued anew");
    }
}
