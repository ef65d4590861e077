package reconciler.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reconciler.audit.AuditView;
import reconciler.database.Database;
import reconciler.database.DatabaseSettings;
import reconciler.database.Migrations;
import reconciler.database.ServerReview;
import reconciler.patch.ApiSettings;
import reconciler.patch.Credentials;
import reconciler.patch.DeadlineClock;
import reconciler.queue.ApprovalRule;
import reconciler.queue.Backlog;
import reconciler.queue.Backlogs;
import reconciler.queue.DueChanges;
import reconciler.queue.Scope;
import reconciler.run.ApiCheck;
import reconciler.run.ExitCode;
import reconciler.run.InvalidJobFile;
import reconciler.run.JobFile;

/// `reconciler doctor`
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description =
                "Checks settings, database, clock, API, credentials and job files, and says what is wrong and what to do.",
        footer = {"", "Examples:", "  reconciler doctor", "  reconciler doctor -o json"})
final class DoctorCommand implements Callable<Integer> {
    private static final Duration TOLERATED_SKEW = Duration.ofSeconds(2);

    private static final int FIRINGS = 2;

    private final Session session;
    private final List<Finding> findings = new ArrayList<>();

    @Option(
            names = "-o",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table, json, jsonl or csv")
    private Format format = Format.TABLE;

    DoctorCommand(Session session) {
        this.session = session;
    }

    /// @param result `ok`, `WRONG`, or `warning`: it may be meant
    private record Finding(String check, String result, ExitCode exitCode, String says) {}

    @Override
    public Integer call() {
        check("job files", this::jobFiles);
        check("database", this::database);
        check("API", this::api);
        try (Sheet sheet =
                format.open(
                        session.terminal().out(), "checks", List.of("check", "result", "says"))) {
            findings.forEach(finding ->
                    sheet.row(List.of(finding.check(), finding.result(), finding.says())));
        }
        return findings.stream()
                .map(Finding::exitCode)
                .filter(code -> code != ExitCode.OK)
                .findFirst()
                .orElse(ExitCode.OK)
                .code();
    }

    /// A check that throws has found something; the others go on.
    private void check(String name, Supplier<String> check) {
        try {
            findings.add(new Finding(name, "ok", ExitCode.OK, check.get()));
        } catch (InvalidJobFile invalid) {
            invalid.messages()
                    .forEach(says ->
                            findings.add(new Finding(name, "WRONG", ExitCode.CONFIGURATION, says)));
        } catch (RuntimeException wrong) {
            Failures.Meaning meaning = new Failures(session).meaning(wrong);
            findings.add(new Finding(name, "WRONG", meaning.exitCode(), meaning.message()));
        }
    }

    private void warn(String name, String says) {
        findings.add(new Finding(name, "warning", ExitCode.OK, says));
    }

    private String jobFiles() {
        session.jobs()
                .passedOver()
                .forEach(file ->
                        warn(
                                "job files",
                                file
                                        + " is passed over: a job file is called JOB.yml or JOB.yaml"));
        List<JobFile> jobs = session.jobs().loadAll();
        var together = new JobsTogether(jobs);
        together.waysRound().forEach(says -> warn("approvals", says));
        var _ = together.express();
        Instant now = session.clock().instant();
        for (JobFile job : jobs) {
            if (job.schedule() != null) {
                String says = new ScheduleInWords(job.job(), job.schedule()).with(FIRINGS, now);
                findings.add(new Finding("schedule", "ok", ExitCode.OK, says));
            }
        }
        return String.join(", ", jobs.stream().map(JobFile::job).toList());
    }

    private String database() {
        try (Database database = session.database()) {
            demandWrites(database);
            tls(database.settings());
            demandMigrated(database);
            var jdbc = JdbcClient.create(database.dataSource());
            new ServerReview(database.dataSource()).remarks().forEach(says -> warn("server", says));
            if (database.server().pooled()) {
                check("pooler", () -> pooler(database));
            }
            check("clock", () -> clock(jdbc));
            check("audit", () -> months(new AuditView(database.dataSource())));
            check("queue", () -> queue(database));
            return database.settings() + ", Postgres " + database.server().versionInWords();
        }
    }

    private static void demandWrites(Database database) {
        String why = database.server().whyReadOnly();
        if (why != null) {
            throw new CommandFailed(
                    database.server().standby() ? ExitCode.UNAVAILABLE : ExitCode.CONFIGURATION,
                    "the database " + database.settings().place() + " " + why);
        }
    }

    private static void demandMigrated(Database database) {
        List<String> pending = new Migrations(database.dataSource()).pending();
        if (!pending.isEmpty()) {
            throw new CommandFailed(
                    ExitCode.CONFIGURATION,
                    "the tables are not up to date ("
                            + String.join(", ", pending)
                            + "): run `reconciler migrate`");
        }
    }

    private void tls(DatabaseSettings settings) {
        String mode = settings.laxTls();
        if (mode != null) {
            warn(
                    "database",
                    "sslmode is "
                            + mode
                            + ": another machine between here and there can pass for the database, or read along;"
                            + " add sslmode=verify-full to RECONCILER_DB_URL, with sslrootcert where the authority is your own");
        }
    }

    /// Says something to itself, past the pooler.
    private static String pooler(Database database) {
        if (database.settings().listenUrl() == null) {
            return "each transaction may have another session, which is minded; the express lane looks twice a second for what is"
                    + " urgent, since nothing can tell it: RECONCILER_DB_LISTEN_URL, past the pooler, lets it listen";
        }
        if (!database.hearsItself()) {
            throw new CommandFailed(
                    ExitCode.CONFIGURATION,
                    "what is said at RECONCILER_DB_URL is not heard at RECONCILER_DB_LISTEN_URL: let that name the same database,"
                            + " and no pooler in transaction mode");
        }
        return "each transaction may have another session, which is minded; the express lane listens at RECONCILER_DB_LISTEN_URL";
    }

    private String queue(Database database) {
        var takers = Takers.among(session.jobs());
        Scope scope =
                new DueChanges(database.dataSource()).scopeNow(Set.of(), new ApprovalRule.None());
        SortedMap<String, Long> adrift = new TreeMap<>();
        long rows = 0;
        for (Backlog.Line line : new Backlogs(database.dataSource()).look(scope, 0).lines()) {
            rows += line.rows();
            if (takers.isWithout(line.role())) {
                adrift.merge(line.role().name(), line.rows(), Long::sum);
            }
        }
        adrift.forEach((role, count) ->
                warn(
                        "queue",
                        Counted.are(count, "row")
                                + " of role "
                                + role
                                + ", "
                                + takers.remedy(count)));
        return Counted.of(rows, "row") + " not over";
    }

    private static String months(AuditView audit) {
        List<String> tables = audit.withoutMonth();
        if (!tables.isEmpty()) {
            throw new CommandFailed(
                    ExitCode.CONFIGURATION,
                    "rows of audit."
                            + String.join(", audit.", tables)
                            + " lie in the default partition: a month had no partition when they came, since nothing had run for three;"
                            + " they count and are verified like others, but `reconciler audit retain` never lets go of them:"
                            + " let a run go every month");
        }
        return "every row is in the partition of its month";
    }

    private String clock(JdbcClient jdbc) {
        Instant theirs =
                jdbc.sql("SELECT clock_timestamp()")
                        .query(OffsetDateTime.class)
                        .single()
                        .toInstant();
        Duration skew = Duration.between(session.clock().instant(), theirs).abs();
        if (skew.compareTo(TOLERATED_SKEW) > 0) {
            throw new CommandFailed(
                    ExitCode.CONFIGURATION,
                    "this machine's clock is "
                            + skew.toMillis()
                            + " ms away from the database's: let both follow an NTP server, or changes expire at the wrong time");
        }
        return skew.toMillis() + " ms away from the database's";
    }

    private String api() {
        ApiSettings api = session.api();
        ApiCheck.demandReady(api, DeadlineClock.of(session.clock(), System::nanoTime));
        return api.baseUrl()
                + ", contract "
                + api.contract().label()
                + "; reachable, "
                + switch (api.credentials()) {
                    case Credentials.ClientCredentials _ -> "credentials accepted";
                    case Credentials.AccessToken _ ->
                            "a fixed token, which only a request can show to be good";
                };
    }
}
