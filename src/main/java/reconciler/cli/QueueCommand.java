package reconciler.cli;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import reconciler.audit.AuditTrail;
import reconciler.audit.Event;
import reconciler.database.Database;
import reconciler.intake.ChangeSetRequest;
import reconciler.intake.Intake;
import reconciler.intake.IntakeReport;
import reconciler.pace.DatabaseClock;
import reconciler.run.ExitCode;

/// `reconciler queue FILE`
@Command(
        name = "queue",
        mixinStandardHelpOptions = true,
        header = "Queue a file of changes as one change set: all of it, or nothing.",
        description =
                "Queues a file of changes as one change set: all of it, or nothing when a line is bad.",
        footer = {
            "",
            "CSV, JSON lines, a JSON array or a workbook (.xlsx), also as .gz or .zip; columns in any order:",
            "  long   conversation_id, participant_id, participant_role, attribute_name, attribute_value",
            "  wide   attr:NAME columns instead of the last two; an empty cell leaves the attribute alone: this form",
            "         cannot ask for an empty value, the others can, with --allow-empty",
            "  both   optionally requested_by, not_before, apply_by (2026-11-23T18:00:00Z)",
            "  JSON   the same names, or \"attributes\": {\"NAME\": \"VALUE\"}",
            "",
            "Examples:",
            "  reconciler queue changes.csv --reason \"wrong tier after migration\" --ticket OPS-4711",
            "  reconciler queue changes.csv --partial --rejects bad.csv",
            "  reconciler queue tiers.xlsx --sheet Corrections --strict",
            "  reconciler queue export.csv --encoding windows-1252",
            "  reconciler queue skill-and-language.csv --atomic",
            "  reconciler queue urgent.jsonl.gz --priority 10 --apply-by +2h",
            "  zcat changes.csv.gz | reconciler queue - --not-before 2026-11-24T02:00:00-05:00"
        })
final class QueueCommand implements Callable<Integer> {
    private final Session session;

    @Mixin private IntakeOptions options = new IntakeOptions();

    @Option(names = "--reason", description = "Why, for the audit.")
    private @Nullable String reason;

    @Option(names = "--ticket", description = "The ticket it belongs to.")
    private @Nullable String ticket;

    @Option(
            names = "--by",
            paramLabel = "NAME",
            description = "Who asks. Default: the operating system's user.")
    private @Nullable String by;

    @Option(
            names = "--apply-by",
            paramLabel = "TIME",
            description = "Worth nothing after this moment; or from now: +2h.")
    private @Nullable String applyBy;

    @Option(
            names = "--not-before",
            paramLabel = "TIME",
            description = "Not to be sent before this moment; or from now: +30m.")
    private @Nullable String notBefore;

    @Option(
            names = "--partial",
            description = "Queue the good lines of a file that has bad ones; exit 3 then.")
    private boolean partial;

    @Option(
            names = "--again",
            description = "Queue a file although the same bytes were queued before.")
    private boolean again;

    @Option(
            names = "--priority",
            paramLabel = "N",
            description =
                    "From -100 to 100; the greater is sent first within a partition. Default: 0.")
    private short priority;

    @Option(
            names = "--atomic",
            description =
                    "What a participant is asked for is applied all or not at all: one request carries all of it.")
    private boolean atomic;

    QueueCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        check();
        try (Database database = session.database()) {
            // deadlines go by it, those from now too
            var clock = new DatabaseClock(database.dataSource(), System::nanoTime);
            ChangeSetRequest request = request(clock);
            var trail = new AuditTrail(database.dataSource());
            IntakeReport report =
                    new Intake(
                                    database.dataSource(),
                                    clock,
                                    queued -> trail.append(event(request, queued)))
                            .queue(
                                    options.source(),
                                    request,
                                    options.rules(session.settings()),
                                    options.rejects());
            IntakeOptions.complain(report, session.terminal());
            if (report.changeSetId() == null) {
                session.terminal()
                        .say(
                                report.refusals().isEmpty()
                                        ? "Nothing was queued: "
                                                + report.bad()
                                                + " of "
                                                + Counted.of(report.lines(), "line")
                                                + " bad. Correct them, or use --partial for the good ones."
                                        : "Nothing was queued.");
                return ExitCode.DATA.code();
            }
            IntakeSummary.remarks(report).forEach(session.terminal()::say);
            session.terminal()
                    .out()
                    .println(
                            "change set "
                                    + report.changeSetId()
                                    + ": "
                                    + Counted.of(report.changes(), "change")
                                    + " queued from "
                                    + report.source()
                                    + (report.bad() == 0
                                            ? ""
                                            : ", "
                                                    + Counted.of(report.bad(), "bad line")
                                                    + " left out"));
            return (report.isFlawless() ? ExitCode.OK : ExitCode.NOT_APPLIED).code();
        }
    }

    private Event event(ChangeSetRequest request, IntakeReport report) {
        return new Event(
                request.by(),
                "queued",
                "change set " + report.changeSetId(),
                reason,
                report.sha256());
    }

    private String requester() {
        return by == null ? session.user() : by;
    }

    private void check() {
        if (requester().isBlank()) {
            throw new CommandFailed(ExitCode.USAGE, "--by is a name, not blank");
        }
        if (priority < -100 || priority > 100) {
            throw new CommandFailed(
                    ExitCode.USAGE, "--priority is from -100 to 100, not " + priority);
        }
        if (atomic && partial) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "--partial leaves bad lines out, which may be a part of what --atomic applies all or not at all:"
                            + " correct them, or leave one of the two out");
        }
        // their form, before there is a database
        var _ = request(session.clock());
    }

    private ChangeSetRequest request(InstantSource clock) {
        Instant from = Moment.of("--not-before", notBefore, clock, options.zone());
        Instant until = Moment.of("--apply-by", applyBy, clock, options.zone());
        if (from != null && until != null && from.isAfter(until)) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "--not-before "
                            + from
                            + " is after --apply-by "
                            + until
                            + ": nothing could ever be sent");
        }
        return new ChangeSetRequest(
                requester(), reason, ticket, from, until, priority, partial, again, atomic);
    }
}
