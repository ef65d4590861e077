package reconciler.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.audit.AuditView;
import reconciler.change.Lane;
import reconciler.database.Database;
import reconciler.database.DatabaseSettings;
import reconciler.database.Migrations;
import reconciler.database.ServerReview;
import reconciler.queue.ApprovalRule;
import reconciler.queue.Backlog;
import reconciler.queue.Backlogs;
import reconciler.queue.DueChanges;
import reconciler.queue.Scope;
import reconciler.queue.ServerHistory;
import reconciler.run.ExitCode;

/// What `doctor` looks at in the database.
final class DatabaseCheckup {
    private static final Duration TOLERATED_SKEW = Duration.ofSeconds(2);

    private final Session session;
    private final Findings findings;
    private boolean recordable;

    DatabaseCheckup(Session session, Findings findings) {
        this.session = session;
        this.findings = findings;
    }

    /// Whether this login may put on record there what is sent.
    boolean isRecordable() {
        return recordable;
    }

    /// Where it is; findings beside that are added.
    ///
    /// @param verbose whether to name every migration that is missing
    String outcome(boolean verbose) {
        try (Database database = session.database()) {
            demandWrites(database);
            tls(database.settings());
            demandMigrated(database, verbose);
            recordable = new AuditView(database.dataSource()).isWritable();
            var jdbc = JdbcClient.create(database.dataSource());
            new ServerReview(database.dataSource())
                    .remarks()
                    .forEach(says -> findings.warn("server", says));
            if (!new ServerHistory(database.dataSource(), Lane.RUN).isTold()) {
                findings.warn(
                        "server",
                        "the server does not tell its system identifier and timeline, so a run does not notice a failover"
                                + " that lost commits; grant pg_control_system() and pg_walfile_name() to the job, or see"
                                + " that the service loses no commits (docs/resilience.md)");
            }
            if (database.server().pooled()) {
                findings.check("pooler", () -> pooler(database));
            }
            findings.check("clock", () -> clock(jdbc));
            findings.check("audit", () -> months(new AuditView(database.dataSource())));
            findings.check("queue", () -> queue(database));
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

    private static void demandMigrated(Database database, boolean verbose) {
        List<String> pending = new Migrations(database.dataSource()).pending();
        if (!pending.isEmpty()) {
            throw new CommandFailed(
                    ExitCode.CONFIGURATION,
                    "the tables are not up to date, "
                            + Counted.are(pending.size(), "migration")
                            + " missing: run `reconciler migrate`"
                            + (verbose ? " (" + String.join(", ", pending) + ")" : ""));
        }
    }

    private void tls(DatabaseSettings settings) {
        String mode = settings.laxTls();
        if (mode != null) {
            findings.warn(
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
                findings.warn(
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
}
