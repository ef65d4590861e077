package reconciler.audit;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.database.Database;
import reconciler.database.DatabaseSettings;
import reconciler.database.Migrations;
import reconciler.embedded.EmbeddedDatabase;

/// Measures how fast the record verifies, by the clock and by the CPU time of our thread and of the
/// database. Arguments: outcomes (50000), rounds (5).
final class VerifySpeed {
    private VerifySpeed() {}

    static void main(String[] args) throws IOException {
        int outcomes = args.length > 0 ? Integer.parseInt(args[0]) : 50_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        try (EmbeddedDatabase server = EmbeddedDatabase.start();
                Database database =
                        Database.open(new DatabaseSettings(server.url(), "postgres", ""), 2)) {
            new Migrations(database.dataSource()).apply();
            var pages = new SettledPages(database.dataSource());
            pages.queue(outcomes);
            pages.settle(pages.newRun(), outcomes, 200);
            JdbcClient.create(database.dataSource())
                    .sql("VACUUM ANALYZE audit.outcome, audit.attempt, audit.value, audit.seal")
                    .update();
            for (int round = 0; round < rounds; round++) {
                verify(database);
            }
        }
    }

    private static void verify(Database database) throws IOException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        var trail = new AuditTrail(database.dataSource());
        var backends = new DatabaseCpu(database.dataSource());
        long theirs = backends.nanos();
        long ours = threads.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        Verification.Report report =
                new Verification(database.dataSource()).verify(null, List.of(trail.head()));
        long took = System.nanoTime() - start;
        ours = threads.getCurrentThreadCpuTime() - ours;
        theirs = backends.nanos() - theirs;
        long rows = report.outcomes() + report.attempts();
        System.out.printf(
                Locale.ROOT,
                "verify: %s, %d outcomes, as many attempts, and their values: %d leaves/s; CPU time a leaf: ours %.1f us, the database's %.1f us; both on one core: %d leaves/s%n",
                report.isSound() ? "sound" : report.first(),
                report.outcomes(),
                perSecond(rows, took),
                ours / 1e3 / rows,
                theirs / 1e3 / rows,
                perSecond(rows, ours + theirs));
    }

    private static long perSecond(long rows, long nanos) {
        return rows * Duration.ofSeconds(1).toNanos() / Math.max(1, nanos);
    }
}
