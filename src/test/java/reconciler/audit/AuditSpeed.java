package reconciler.audit;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.change.ChangeState;
import reconciler.change.ParticipantRole;
import reconciler.database.Database;
import reconciler.database.DatabaseSettings;
import reconciler.database.Migrations;
import reconciler.embedded.EmbeddedDatabase;
import reconciler.outcome.Attempt;
import reconciler.outcome.ConfirmedBy;
import reconciler.outcome.Disposition;
import reconciler.outcome.Evidence;
import reconciler.outcome.Settlement;
import reconciler.partition.Partition;
import reconciler.queue.ApprovalRule;
import reconciler.queue.ChangeQueue;
import reconciler.queue.ClaimedPage;
import reconciler.queue.DueChanges;
import reconciler.queue.Scope;

/// Measures what seals cost where pages are claimed and settled (without any API), with and without
/// leaves and seals in turn, and how fast the record verifies. Arguments: rows a round (100000),
/// rounds (4), rows a chunk (200).
final class AuditSpeed {
    private static final Partition ALL = new Partition(new ParticipantRole("contact"), 0, 0, 1024);

    private final DataSource dataSource;
    private final JdbcClient jdbc;
    private final ChangeQueue queue;
    private final AuditTrail trail;
    private final TransactionTemplate transaction;

    private AuditSpeed(DataSource dataSource) {
        this.dataSource = dataSource;
        jdbc = JdbcClient.create(dataSource);
        queue = new ChangeQueue(dataSource);
        trail = new AuditTrail(dataSource);
        transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    }

    static void main(String[] args) {
        int rows = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 4;
        int chunk = args.length > 2 ? Integer.parseInt(args[2]) : 200;
        for (int round = 0; round < rounds; round++) {
            for (boolean sealed : List.of(false, true)) {
                try (EmbeddedDatabase server = EmbeddedDatabase.start();
                        Database database =
                                Database.open(
                                        new DatabaseSettings(server.url(), "postgres", ""), 3)) {
                    new Migrations(database.dataSource()).apply();
                    var speed = new AuditSpeed(database.dataSource());
                    if (!sealed) {
                        speed.withoutSeals();
                    }
                    speed.settle(rows, chunk, sealed ? "with seals   " : "without seals");
                    if (sealed) {
                        speed.verify();
                    }
                }
            }
        }
    }

    /// The same rows, without leaves, evidence, roots, seals and the indexes that only they need.
    private void withoutSeals() {
        String append =
                jdbc.sql(
                                "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'append_chunk'")
                        .query(String.class)
                        .single();
        jdbc.sql(
                        append.replaceAll(
                                        "sha256\\(record_send\\(ROW\\([^;]*?\\)\\)\\)\\s+AS leaf",
                                        "NULL::bytea AS leaf")
                                .replaceFirst("e\\.hash AS evidence", "NULL::bytea AS evidence")
                                .replaceFirst("LEFT JOIN evidence e USING \\(change_id\\)", "")
                                .replaceAll("PERFORM audit\\.append_seal[^;]*;", "NULL;"))
                .update();
        for (String table : List.of("attempt", "outcome", "value")) {
            jdbc.sql("DROP INDEX audit." + table + "_by_seal").update();
        }
        for (String table : List.of("attempt", "outcome")) {
            jdbc.sql("ALTER TABLE audit." + table + " ALTER leaf DROP NOT NULL").update();
        }
    }

    private void settle(int rows, int chunk, String label) {
        jdbc.sql(
                        """
                        INSERT INTO reconciler.attribute_change (conversation_id, participant_id, participant_role,
                               attribute_name, attribute_value, requested_by)
                        SELECT gen_random_uuid(), gen_random_uuid(), 'contact', 'customer.tier', 'gold', 'kim'
                          FROM generate_series(1, :rows)
                        """)
                .param("rows", rows)
                .update();
        jdbc.sql("VACUUM ANALYZE reconciler.attribute_change").update();
        Scope scope = new DueChanges(dataSource).scopeNow(Set.of(), new ApprovalRule.None());
        long run = new Records(dataSource).open();
        long settling = 0;
        ClaimedPage.Position after = null;
        long began = System.nanoTime();
        long cpu = databaseCpuMillis();
        while (true) {
            ClaimedPage page = queue.claim(ALL, scope, after, chunk);
            if (page.rows().isEmpty()) {
                break;
            }
            after = page.end();
            long start = System.nanoTime();
            settle(run, page);
            settling += System.nanoTime() - start;
        }
        long took = System.nanoTime() - began;
        long worked = databaseCpuMillis() - cpu;
        trail.close(run, 0, "measured", 0);
        System.out.printf(
                Locale.ROOT,
                "%s: settle %d rows/s, claim and settle %d rows/s; database CPU %.1f us a row (%d rows, %d a chunk)%n",
                label,
                perSecond(rows, settling),
                perSecond(rows, took),
                worked * 1_000.0 / rows,
                rows,
                chunk);
    }

    /// Of our connections' backends, which are on this machine; what other work on it does not
    /// disturb. Linux only: 0 elsewhere.
    private long databaseCpuMillis() {
        return jdbc
                .sql("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
                .query(Long.class)
                .list()
                .stream()
                .map(ProcessHandle::of)
                .flatMap(Optional::stream)
                .mapToLong(process ->
                        process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis())
                .sum();
    }

    private void settle(long run, ClaimedPage page) {
        List<Attempt> attempts = new ArrayList<>();
        List<Settlement> settlements = new ArrayList<>();
        for (ClaimedPage.Row row : page.rows()) {
            var evidence = new Evidence(200, null, null, "5f0c9c1e-7a52-4b6e-8f3a-2f6f1d0f1a11");
            attempts.add(
                    new Attempt(
                            Attempt.Purpose.PATCH,
                            row.change().participant(),
                            List.of(row.change().id()),
                            "PATCH",
                            "/api/v2/conversations/web/"
                                    + row.change().participant().conversationId()
                                    + "/participants/"
                                    + row.change().participant().participantId(),
                            "ab".repeat(32),
                            Instant.EPOCH,
                            Duration.ofMillis(40),
                            evidence,
                            null));
            settlements.add(
                    new Settlement(
                            row.change(),
                            new Disposition.Settled(ChangeState.APPLIED, ConfirmedBy.ANSWER),
                            1,
                            false,
                            evidence,
                            "silver",
                            null));
        }
        transaction.executeWithoutResult(_ -> {
            queue.settle(page.claim(), settlements);
            trail.append(run, "patch:contact-0", page.claim(), attempts, settlements);
        });
    }

    private void verify() {
        jdbc.sql("VACUUM ANALYZE audit.outcome, audit.attempt, audit.value, audit.seal").update();
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            Verification.Report report =
                    new Verification(dataSource).verify(null, List.of(trail.head()));
            long took = System.nanoTime() - start;
            long ours = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu;
            long leaves = report.outcomes() + report.attempts();
            System.out.printf(
                    Locale.ROOT,
                    "verify: %s, %d outcomes and as many attempts and values: %d outcomes/s, %d leaves/s; one core: %d leaves/s%n",
                    report.isSound() ? "sound" : report.first(),
                    report.outcomes(),
                    perSecond(report.outcomes(), took),
                    perSecond(leaves, took),
                    perSecond(leaves, ours));
        }
    }

    private static long perSecond(long rows, long nanos) {
        return rows * Duration.ofSeconds(1).toNanos() / Math.max(1, nanos);
    }
}
