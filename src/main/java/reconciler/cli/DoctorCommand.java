package reconciler.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reconciler.audit.AuditView;
import reconciler.database.Database;
import reconciler.database.Migrations;
import reconciler.patch.ApiSettings;
import reconciler.patch.Credentials;
import reconciler.patch.DeadlineClock;
import reconciler.run.ApiCheck;
import reconciler.run.ExitCode;
import reconciler.run.JobFile;

/// `reconciler doctor`
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description =
                "Checks settings, database, clock, API, credentials and job files, and says what is wrong and what to do.",
        footer = {"", "Examples:", "  reconciler doctor", "  reconciler doctor -o json"})
final class DoctorCommand implements Callable<Integer> {
    private static final int OLDEST_POSTGRES = 150_000;
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
        } catch (RuntimeException wrong) {
            Failures.Meaning meaning = new Failures(session).meaning(wrong);
            findings.add(new Finding(name, "WRONG", meaning.exitCode(), meaning.message()));
        }
    }

    private String jobFiles() {
        List<JobFile> jobs = session.jobs().loadAll();
        var together = new JobsTogether(jobs);
        together.waysRound()
                .forEach(says ->
                        findings.add(new Finding("approvals", "warning", ExitCode.OK, says)));
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
            var jdbc = JdbcClient.create(database.dataSource());
            int version =
                    jdbc.sql("SELECT current_setting('server_version_num')::int")
                            .query(Integer.class)
                            .single();
            if (version < OLDEST_POSTGRES) {
                throw new CommandFailed(
                        ExitCode.CONFIGURATION,
                        "Postgres " + version / 10_000 + " is too old: 15 or newer is needed");
            }
            List<String> pending = new Migrations(database.dataSource()).pending();
            if (!pending.isEmpty()) {
                throw new CommandFailed(
                        ExitCode.CONFIGURATION,
                        "the tables are not up to date ("
                                + String.join(", ", pending)
                                + "): run `reconciler migrate`");
            }
            check("clock", () -> clock(jdbc));
            check("audit", () -> months(new AuditView(database.dataSource())));
            return database.settings() + ", Postgres " + version / 10_000 + "." + version % 10_000;
        }
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
