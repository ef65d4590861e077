package reconciler.cli;

import java.io.PrintStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import picocli.CommandLine.Command;
import reconciler.audit.AuditTrail;
import reconciler.audit.OutcomeFilter;
import reconciler.audit.OutcomeView;
import reconciler.audit.RunStart.Trigger;
import reconciler.change.AttributeChange;
import reconciler.change.ChangeState;
import reconciler.database.Database;
import reconciler.database.DatabaseSettings;
import reconciler.database.Migrations;
import reconciler.embedded.EmbeddedDatabase;
import reconciler.intake.ChangeSetRequest;
import reconciler.intake.Intake;
import reconciler.intake.IntakeReport;
import reconciler.intake.IntakeRules;
import reconciler.intake.Source;
import reconciler.outcome.Evidence;
import reconciler.patch.ApiSettings;
import reconciler.queue.ChangeQueue;
import reconciler.run.ExitCode;
import reconciler.run.JobFile;
import reconciler.run.Reconciliation;
import reconciler.run.RunReport;
import reconciler.run.RunRequest;
import reconciler.run.StopSignal;
import reconciler.simulator.Simulator;

/// `reconciler demo`: the main job on embedded parts.
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "The whole path once, on a Postgres and a stand-in API inside this process; ends by itself.",
        footer = {"", "Examples:", "  reconciler demo"})
final class DemoCommand implements Callable<Integer> {
    private static final int CONNECTIONS = 6;

    /// Orders as somebody with SQL places them: a newer tier for one participant of the file, one
    /// that came too late, and one that is withdrawn.
    private static final String MORE_ORDERS =
            """
            INSERT INTO reconciler.attribute_change
                   (conversation_id, participant_id, participant_role, attribute_name, attribute_value, requested_by, apply_by)
            VALUES ('bf3c4c06-4343-48bc-89fa-6a688fb5d27b', '956269f0-e5d7-4875-adad-d6c795a76d79', 'contact',
                    'customer.tier', 'platinum', 'sam', NULL),
                   ('bf3c4c06-4343-48bc-89fa-6a688fb5d27b', '956269f0-e5d7-4875-adad-d6c795a76d79', 'contact',
                    'routing.skill', 'vip', 'sam', clock_timestamp()),
                   ('bf3c4c06-4343-48bc-89fa-6a688fb5d27b', '956269f0-e5d7-4875-adad-d6c795a76d79', 'contact',
                    'wrap.note', 'call back', 'sam', NULL)
            """;

    private final Session session;

    DemoCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        title("Starting Postgres and the simulator inside this process");
        try (EmbeddedDatabase server = EmbeddedDatabase.start();
                Simulator simulator = DemoWorld.start();
                Database database =
                        Database.open(
                                new DatabaseSettings(server.url(), "postgres", null),
                                CONNECTIONS)) {
            new Migrations(database.dataSource()).apply();
            queue(database);
            JobFile job = JobFile.parse("demo.yml", DemoWorld.text("demo.yml"));
            title("The plan (reconciler run demo --dry-run)");
            new Forecasts(session.terminal().out(), Format.TABLE).show(database.dataSource(), job);
            RunReport report = run(database, simulator, job);
            Set<ChangeState> seen = outcomes(database);
            return end(report, seen).code();
        }
    }

    private void queue(Database database) {
        title("Queueing 35 changes from a CSV file, three more by SQL, and withdrawing one");
        IntakeReport report =
                new Intake(database.dataSource(), session.clock(), _ -> {})
                        .queue(
                                Source.stream("changes.csv", DemoWorld.open("changes.csv")),
                                new ChangeSetRequest(
                                        "kim",
                                        "wrong tier after a migration",
                                        "OPS-4711",
                                        null,
                                        null,
                                        (short) 0,
                                        false,
                                        false,
                                        false),
                                IntakeRules.knowing(List.of()),
                                null);
        JdbcClient.create(database.dataSource()).sql(MORE_ORDERS).update();
        withdraw(database, report.good() + 3);
        out().println(
                        "change set "
                                + report.changeSetId()
                                + ": "
                                + Counted.of(report.good(), "change")
                                + " queued from "
                                + report.source());
    }

    private static void withdraw(Database database, long change) {
        var transaction =
                new TransactionTemplate(new JdbcTransactionManager(database.dataSource()));
        transaction.executeWithoutResult(_ -> {
            List<AttributeChange> withdrawn = new ChangeQueue(database.dataSource()).cancel(change);
            new AuditTrail(database.dataSource())
                    .appendCancelled(
                            withdrawn,
                            Evidence.of("cancelled", "the customer called back already"));
        });
    }

    private RunReport run(Database database, Simulator simulator, JobFile job) {
        title("The run (reconciler run demo)");
        Map<String, String> settings =
                Map.of(
                        "RECONCILER_API_BASE_URL", simulator.uri().toString(),
                        "RECONCILER_API_CLIENT_ID", "demo",
                        "RECONCILER_API_CLIENT_SECRET", "demo-secret");
        var reconciliation =
                new Reconciliation(
                        database.dataSource(),
                        ApiSettings.of(settings::get),
                        Session.identity(),
                        session.clock(),
                        new Random());
        var request = new RunRequest(job, Trigger.DEMO, null, session.user());
        RunReport report;
        try (var display = new ProgressDisplay(session.terminal(), false)) {
            report = reconciliation.run(request, new StopSignal(), display::watch);
        }
        new RunReports(session.terminal(), Format.TABLE).show(report, false);
        return report;
    }

    private Set<ChangeState> outcomes(Database database) {
        title("What became of each change (reconciler outcomes)");
        var seen = EnumSet.noneOf(ChangeState.class);
        try (Sheet sheet = Format.TABLE.open(out(), "outcomes", OutcomeSheet.BRIEF.names())) {
            new OutcomeView(database.dataSource())
                    .outcomes(
                            OutcomeFilter.NONE,
                            row -> {
                                seen.add(row.status());
                                sheet.row(OutcomeSheet.BRIEF.of(row));
                            });
        }
        return seen;
    }

    /// The demo shows every kind of end; if it does not, something is broken.
    private ExitCode end(RunReport report, Set<ChangeState> seen) {
        Set<ChangeState> missing = EnumSet.allOf(ChangeState.class);
        missing.removeIf(state -> !state.isTerminal() || seen.contains(state));
        if (report.exitCode() != ExitCode.NOT_APPLIED || !missing.isEmpty()) {
            throw new CommandFailed(
                    ExitCode.BUG,
                    "the demo should end with exit 3 and show every outcome; it ended with "
                            + report.exitCode().code()
                            + " and lacks "
                            + missing);
        }
        title(
                "Every kind of outcome once. `run` would have exited with 3, \"some rows not applied\"; the demo exits with 0.");
        return ExitCode.OK;
    }

    private void title(String text) {
        out().println();
        out().println("== " + text);
    }

    private PrintStream out() {
        return session.terminal().out();
    }
}
