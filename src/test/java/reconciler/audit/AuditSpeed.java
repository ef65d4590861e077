package reconciler.audit;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
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

/// Measures what seals cost where pages are claimed and settled (without any API), and how fast the
/// record verifies. Blocks of pages with and without leaves and seals take turns in one database,
/// so that what else the machine does meets both alike. Arguments: rows a block (4000), rounds
/// (11), rows a chunk (200).
final class AuditSpeed {
    private static final Partition ALL = new Partition(new ParticipantRole("contact"), 0, 0, 1024);

    private final DataSource dataSource;
    private final JdbcClient jdbc;
    private final ChangeQueue queue;
    private final AuditTrail trail;
    private final TransactionTemplate transaction;
    private Scope scope;
    private ClaimedPage.@Nullable Position after;

    private AuditSpeed(DataSource dataSource) {
        this.dataSource = dataSource;
        jdbc = JdbcClient.create(dataSource);
        queue = new ChangeQueue(dataSource);
        trail = new AuditTrail(dataSource);
        transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        scope = new DueChanges(dataSource).scopeNow(Set.of(), new ApprovalRule.None());
    }

    static void main(String[] args) throws IOException {
        int rows = args.length > 0 ? Integer.parseInt(args[0]) : 4_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 11;
        int chunk = args.length > 2 ? Integer.parseInt(args[2]) : 200;
        try (EmbeddedDatabase server = EmbeddedDatabase.start();
                Database database =
                        Database.open(new DatabaseSettings(server.url(), "postgres", ""), 3)) {
            new Migrations(database.dataSource()).apply();
            var speed = new AuditSpeed(database.dataSource());
            speed.queue(2 * rows * (rounds + 1));
            speed.compare(rows, rounds, chunk);
        }
        try (EmbeddedDatabase server = EmbeddedDatabase.start();
                Database database =
                        Database.open(new DatabaseSettings(server.url(), "postgres", ""), 3)) {
            new Migrations(database.dataSource()).apply();
            var speed = new AuditSpeed(database.dataSource());
            speed.queue(rows * rounds);
            speed.settle(speed.newRun(), rows * rounds, chunk);
            speed.verify();
        }
    }

    private void compare(int rows, int rounds, int chunk) throws IOException {
        String sealed = appendChunk();
        String bare = withoutSeals(sealed);
        long run = newRun();
        List<Cost> without = new ArrayList<>();
        List<Cost> with = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            for (boolean seals : round % 2 == 0 ? List.of(false, true) : List.of(true, false)) {
                jdbc.sql(seals ? sealed : bare).update();
                settle(run, chunk, chunk); // planned anew
                Cost cost = settle(run, rows - chunk, chunk);
                if (round > 0) {
                    (seals ? with : without).add(cost);
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "claim and settle, medians of %d blocks each: without seals %.1f us of the database's CPU a row and %.0f rows/s; with seals %.1f us and %.0f rows/s; median of the pairs: %+.1f %% CPU, %+.1f %% time%n",
                rounds,
                median(without.stream().map(Cost::cpuMicros).toList()),
                1e6 / median(without.stream().map(Cost::micros).toList()),
                median(with.stream().map(Cost::cpuMicros).toList()),
                1e6 / median(with.stream().map(Cost::micros).toList()),
                more(with, without, Cost::cpuMicros),
                more(with, without, Cost::micros));
    }

    /// Of a row.
    private record Cost(double cpuMicros, double micros) {}

    private static double more(
            List<Cost> with, List<Cost> without, Function<Cost, Double> measure) {
        return median(
                                IntStream.range(0, with.size())
                                        .mapToObj(i ->
                                                measure.apply(with.get(i))
                                                        / measure.apply(without.get(i)))
                                        .toList())
                        * 100
                - 100;
    }

    private static double median(List<Double> numbers) {
        return numbers.stream().sorted().toList().get(numbers.size() / 2);
    }

    private String appendChunk() {
        return jdbc.sql(
                        "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'append_chunk'")
                .query(String.class)
                .single();
    }

    /// The same rows, without leaves, evidence, roots and seals.
    private String withoutSeals(String append) {
        for (String table : List.of("attempt", "outcome")) {
            jdbc.sql("ALTER TABLE audit." + table + " ALTER leaf DROP NOT NULL").update();
        }
        return append.replaceAll(
                        "sha256\\(record_send\\(ROW\\([^;]*?\\)\\)\\)\\s+AS leaf",
                        "NULL::bytea AS leaf")
                .replaceFirst("e\\.hash AS evidence", "NULL::bytea AS evidence")
                .replaceFirst("LEFT JOIN evidence e USING \\(change_id\\)", "")
                .replaceAll("PERFORM audit\\.append_seal[^;]*;", "NULL;");
    }

    private void queue(int rows) {
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
        scope = new DueChanges(dataSource).scopeNow(Set.of(), new ApprovalRule.None());
    }

    private long newRun() {
        return new Records(dataSource).open();
    }

    private Cost settle(long run, int rows, int chunk) throws IOException {
        long began = System.nanoTime();
        long cpu = databaseCpuNanos();
        int done = 0;
        while (done < rows) {
            ClaimedPage page = queue.claim(ALL, scope, after, chunk);
            after = page.end();
            settle(run, page);
            done += page.rows().size();
        }
        return new Cost(
                (databaseCpuNanos() - cpu) / 1e3 / done, (System.nanoTime() - began) / 1e3 / done);
    }

    /// Of our connections' backends, which are on this machine; what other work on it does not
    /// disturb. Linux only.
    private long databaseCpuNanos() throws IOException {
        long nanos = 0;
        for (long process :
                jdbc.sql("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
                        .query(Long.class)
                        .list()) {
            String used = Files.readString(Path.of("/proc/" + process + "/schedstat"));
            nanos += Long.parseLong(used.split(" ", -1)[0]);
        }
        return nanos;
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
