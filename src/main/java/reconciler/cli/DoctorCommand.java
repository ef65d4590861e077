package reconciler.cli;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reconciler.database.Database;
import reconciler.patch.ApiSettings;
import reconciler.patch.Credentials;
import reconciler.patch.DeadlineClock;
import reconciler.run.ApiCheck;
import reconciler.run.JobFile;

/// `reconciler doctor`
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        header = "Check settings, database, clock, API, credentials and job files.",
        description =
                "Checks settings, database, clock, API, credentials and job files, and says what is wrong and what to do.",
        footer = {"", "Examples:", "  reconciler doctor", "  reconciler doctor -o json"})
final class DoctorCommand implements Callable<Integer> {
    private static final int FIRINGS = 2;

    private final Session session;
    private final Findings findings;
    private final DatabaseCheckup database;

    @Option(names = "--verbose", description = "Name every migration that is missing.")
    private boolean verbose;

    @Option(
            names = "-o",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table, json, jsonl or csv")
    private Format format = Format.TABLE;

    DoctorCommand(Session session) {
        this.session = session;
        this.findings = new Findings(session);
        this.database = new DatabaseCheckup(session, findings);
    }

    @Override
    public Integer call() {
        findings.check("job files", this::jobFiles);
        findings.check("database", () -> database.outcome(verbose));
        findings.check("API", this::api);
        try (Sheet sheet =
                format.open(
                        session.terminal().out(), "checks", List.of("check", "result", "says"))) {
            findings.show(sheet);
        }
        return findings.exitCode().code();
    }

    private String jobFiles() {
        session.jobs()
                .passedOver()
                .forEach(file ->
                        findings.warn(
                                "job files",
                                file
                                        + " is passed over: a job file is called JOB.yml or JOB.yaml"));
        List<JobFile> jobs = session.jobs().loadAll();
        var together = new JobsTogether(jobs);
        together.waysRound().forEach(says -> findings.warn("approvals", says));
        var _ = together.express();
        Instant now = session.clock().instant();
        for (JobFile job : jobs) {
            if (job.schedule() != null) {
                String says = new ScheduleInWords(job.job(), job.schedule()).with(FIRINGS, now);
                findings.check("schedule", () -> says);
            }
        }
        return String.join(", ", jobs.stream().map(JobFile::job).toList());
    }

    /// A request for a token is on record where it can be.
    private void demandReady(ApiSettings api) {
        if (database.isRecordable()) {
            try (Database record = session.database()) {
                ApiCheck.demandReady(api, record.dataSource(), session.looker());
            }
        } else {
            ApiCheck.demandReady(api, DeadlineClock.of(session.clock(), System::nanoTime));
        }
    }

    private String api() {
        ApiSettings api = session.api();
        demandReady(api);
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
