package reconciler.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reconciler.audit.OutcomeView;
import reconciler.audit.OutcomeView.OutcomeRow;
import reconciler.database.Database;
import reconciler.outcome.Attempt;
import reconciler.outcome.Disposition;
import reconciler.outcome.Settlement;
import reconciler.patch.ApiSettings;
import reconciler.patch.PreparedRequest;
import reconciler.queue.QueueView;
import reconciler.queue.QueueView.ChangeRow;
import reconciler.run.ExitCode;
import reconciler.run.JobFile;
import reconciler.run.Probe;
import reconciler.run.StopSignal;

/// `reconciler probe CHANGE`
@Command(
        name = "probe",
        mixinStandardHelpOptions = true,
        header = "Show the request of one change as curl, or send it with --send.",
        description =
                "One row by hand, before thousands: shows the request as curl, sends it with --send, explains the answer.",
        footer = {
            "",
            "Examples:",
            "  reconciler probe 4711              shows, and sends nothing",
            "  reconciler probe 4711 --send"
        })
final class ProbeCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "CHANGE", description = "The change's id.")
    private long change;

    @Option(
            names = "--send",
            description =
                    "Send it, and settle the row by what comes back. What a run of the job would leave alone is refused: it"
                            + " is paused, not due, lacks an approval that the job asks for, or a newer change waits.")
    private boolean send;

    @Option(
            names = "--job",
            paramLabel = "JOB",
            defaultValue = "nightly",
            description = "Whose rules and policies. Default: ${DEFAULT-VALUE}")
    private String job = "nightly";

    ProbeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        JobFile file = session.jobs().load(job);
        var api = session.api();
        return Termination.during(session, stop -> probe(file, api, stop));
    }

    private ExitCode probe(JobFile file, ApiSettings api, StopSignal stop) {
        try (Database database = session.databaseForRuns()) {
            if (!send && isOver(database)) {
                return ExitCode.OK;
            }
            var probe = new Probe(database.dataSource(), api, Session.identity());
            PreparedRequest request = probe.prepare(file, change);
            if (request == null) {
                throw new CommandFailed(
                        ExitCode.DATA,
                        "there is no change " + change + "; `reconciler status` lists what waits");
            }
            show(request);
            if (!send) {
                session.terminal().say("Nothing was sent; --send sends it.");
                return ExitCode.OK;
            }
            return explain(probe.send(file, change, session.user(), stop));
        }
    }

    /// Nothing is shown of what cannot be sent any more.
    private boolean isOver(Database database) {
        ChangeRow row = new QueueView(database.dataSource()).find(change);
        if (row == null || !row.state().isTerminal()) {
            return false;
        }
        OutcomeRow outcome = new OutcomeView(database.dataSource()).of(change);
        session.terminal()
                .say(
                        "Change "
                                + change
                                + " is over: "
                                + row.state()
                                + (outcome == null || outcome.runId() == null
                                        ? ""
                                        : " in run " + outcome.runId())
                                + (outcome == null ? "" : ": " + InWords.of(outcome))
                                + ". Nothing was sent; `reconciler explain "
                                + change
                                + "` shows its history.");
        return true;
    }

    private void show(PreparedRequest request) {
        var out = session.terminal().out();
        out.println("curl -X " + request.method() + " " + quoted(request.url().toString()) + " \\");
        out.println("  -H 'Authorization: Bearer <token>' \\");
        request.headers()
                .forEach((name, value) ->
                        out.println("  -H " + quoted(name + ": " + value) + " \\"));
        out.println("  -d " + quoted(request.body()));
    }

    private ExitCode explain(Probe.Sent sent) {
        sent.turn().attempts().forEach(this::tell);
        sent.turn().settlements().forEach(this::tell);
        if (sent.stopped() != null) {
            session.terminal().say("reconciler: " + sent.stopped().message());
        }
        return sent.exitCode();
    }

    private void tell(Attempt attempt) {
        session.terminal()
                .out()
                .println(
                        attempt.purpose()
                                + " "
                                + attempt.method()
                                + " "
                                + attempt.path()
                                + " -> "
                                + (attempt.evidence().httpStatus() == null
                                        ? "no answer"
                                        : attempt.evidence().httpStatus())
                                + (attempt.evidence().code() == null
                                        ? ""
                                        : " " + attempt.evidence().code())
                                + (attempt.evidence().message() == null
                                        ? ""
                                        : ": " + PlainText.oneLine(attempt.evidence().message()))
                                + " in "
                                + attempt.took().toMillis()
                                + " ms");
    }

    private void tell(Settlement settlement) {
        String end =
                switch (settlement.disposition()) {
                    case Disposition.Settled settled ->
                            settled.state()
                                    + (settled.confirmedBy() == null
                                            ? ""
                                            : ", confirmed by " + settled.confirmedBy().label());
                    case Disposition.Deferred deferred ->
                            "put off for " + deferred.pause().toSeconds() + " s";
                    case Disposition.Released _ -> "still pending: nothing could be sent";
                };
        session.terminal().out().println("change " + settlement.change().id() + ": " + end);
        if (settlement.correctedRole() != null) {
            session.terminal()
                    .out()
                    .println(
                            "the participant is "
                                    + settlement.correctedRole()
                                    + ", not "
                                    + settlement.change().role());
        }
    }

    /// For a POSIX shell: nothing inside is interpreted.
    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
