package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import reconciler.Eventually;
import reconciler.Seed;
import reconciler.audit.Verification;
import reconciler.fault.FaultProxy;
import reconciler.fault.FaultProxy.Fault;
import reconciler.simulator.SeenRequest;
import reconciler.simulator.Simulator;
import reconciler.simulator.SimulatorSettings;

/// Kills runs by chance, again and again, or freezes them for longer than their lease, while the
/// API and the database misbehave, until every row has its outcome; then holds the books against
/// each other. In its long form on a queue that has lived, whose database is replaced by a standby
/// that lacks the last commits, and whose clock is set.
final class Soak {
    private static final int PER_SECOND = 200;

    private static final String[] JOB = {
        "rate: {per-minute: " + 60 * PER_SECOND + "}",
        "api: {timeout: 1s, in-flight: 16}",
        "partitions: {per-role: 3, chunk: 40}",
        "breaker: {openings: 1000}"
    };

    private static final int WHOLE_QUEUE_SECONDS = 900;

    /// The clock of the database is behind by up to so many seconds, and set back and forth. It is
    /// never ahead: then time-outs do not fire in a process whose clock libfaketime sets.
    private static final int LONGEST_STEP = 3_600;

    private static final String LIVED =
            """
            INSERT INTO reconciler.attribute_change
                   (conversation_id, participant_id, participant_role, attribute_name, attribute_value, requested_by,
                    state, settled_at, created_at)
            SELECT gen_random_uuid(), gen_random_uuid(), 'contact', 'attribute-' || i % 4, 'before', 'before', 'APPLIED',
                   now() - interval '1 year', now() - interval '1 year'
              FROM generate_series(1, :rows) AS i
            """;

    private static final List<String> FAULTS =
            List.of(
                    "409 p=0.03",
                    "500 p=0.005",
                    "500-after p=0.01",
                    "503 p=0.005 retry-after=0",
                    "504-after p=0.01",
                    "drop p=0.01",
                    "drop-after p=0.02",
                    "hang p=0.002 for=3s",
                    "html-after p=0.005",
                    "403-division p=0.005",
                    "400-attribute p=0.01");

    private final Random random;
    private final Path directory;
    private final Scenario scenario;
    private final SoakServers servers;
    private final FaultProxy proxy;
    private int kills;
    private int freezes;

    private Soak(Random random, Path directory, Scenario scenario, SoakServers servers) {
        this.random = random;
        this.directory = directory;
        this.scenario = scenario;
        this.servers = servers;
        this.proxy = servers.proxy();
    }

    /// How much of it.
    ///
    /// @param rows to be applied
    /// @param kills at least so many
    /// @param failovers standbys that are promoted, one by one; each time something is lost
    record Plan(int rows, int kills, int failovers) {}

    /// What came of it, when all the books agree.
    ///
    /// @param freezes runs that were taken over and came back
    /// @param lost requests that are on record only on a server that was left behind
    /// @param repeats writes that took effect again with the same value
    record Result(
            int rows,
            int kills,
            int freezes,
            int failovers,
            int lost,
            int clockSteps,
            long requests,
            long repeats,
            long overTheRate) {
        String inWords() {
            return "rows %d, kills %d, requests %d, repeats %d (all flagged), lost 0, double outcomes 0, order violations 0, untraced 0, requests over the rate %d"
                    .formatted(rows, kills, requests, repeats, overTheRate);
        }
    }

    /// On the embedded database.
    static Result run(Seed seed, Path directory, int rows, int kills) {
        try (var servers = SoakServers.embedded(directory)) {
            return run(seed, directory, new Plan(rows, kills, 0), 0, servers);
        }
    }

    /// @param settledBefore rows that were settled long ago
    static Result run(
            Seed seed, Path directory, Plan plan, int settledBefore, SoakServers servers) {
        try (var scenario =
                new Scenario(
                        servers.settings(),
                        8,
                        Simulator.start(
                                SimulatorSettings.with()
                                        .seed(seed.value())
                                        .latency(Duration.ofMillis(10))
                                        .build()))) {
            haveLived(scenario, settledBefore);
            var crowd = new Crowd(scenario, seed.random(), Math.max(20, plan.rows() / 3), 0.2);
            crowd.want(plan.rows(), 4, 0.03);
            FAULTS.forEach(scenario.simulator.faults()::add);
            var soak = new Soak(seed.random(), directory, scenario, servers);
            soak.runAndDisturb(plan);
            soak.finish();
            return soak.check(plan.rows());
        }
    }

    /// Rows of earlier years; their records were exported and dropped.
    private static void haveLived(Scenario scenario, int rows) {
        scenario.jdbc.sql(LIVED).param("rows", rows).update();
        scenario.jdbc.sql("ANALYZE reconciler.attribute_change").update();
    }

    private void runAndDisturb(Plan plan) {
        int between = plan.kills() / (plan.failovers() + 1);
        while (kills < plan.kills() && isLeft()) {
            if (servers.canFail()
                    && servers.failovers() < plan.failovers()
                    && kills >= between * (servers.failovers() + 1)) {
                runAndFailOver();
            } else {
                runAndDisturb();
            }
        }
    }

    /// The run goes on for a while on a server whose commits are lost.
    private void runAndFailOver() {
        try (var run = start()) {
            isAtWork(run);
            servers.failOver(() -> isAtWork(run));
            scenario.awaitDatabase();
            assertThat(run.exitCode())
                    .as("the database went away, or was another one: %s", run.said())
                    .isIn(69, 75, 0, 3);
        }
    }

    private void runAndDisturb() {
        if (servers.canFail() && random.nextInt(3) == 0) {
            servers.setClock(-random.nextInt(LONGEST_STEP));
        }
        if (random.nextInt(6) == 0) {
            runAndFreeze();
        } else {
            runAndKill();
        }
    }

    /// Another one takes over from a frozen run; when that comes back, in the midst of the other's
    /// work, it adds nothing.
    private void runAndFreeze() {
        try (var frozen = start()) {
            isAtWork(frozen);
            if (!frozen.isAlive()) {
                return;
            }
            frozen.freeze();
            long run = scenario.count("SELECT max(run_id) FROM audit.run WHERE epoch > 0");
            try (var other = start()) {
                Eventually.holds(
                        "the other took over",
                        () ->
                                scenario.count("SELECT max(run_id) FROM audit.run WHERE epoch > 0")
                                                > run
                                        || !other.isAlive());
                isAtWork(other);
                if (scenario.count("SELECT max(run_id) FROM audit.run WHERE epoch > 0") > run) {
                    addsNothing(frozen, run);
                    freezes++;
                } else {
                    // the other ended waiting for a lock: the lease is still the frozen one's own
                    frozen.kill();
                    kills++;
                }
                if (other.isAlive()) {
                    other.kill();
                    kills++;
                }
            }
        }
    }

    private void addsNothing(OneProcess frozen, long run) {
        long settled = settledBy(run);
        frozen.thaw();
        assertThat(frozen.exitCode())
                .as(
                        "75, or its database went away, or it had just written its end: %s",
                        frozen.said())
                .isIn(75, 69, 0, 3);
        assertThat(settledBy(run)).as("added by a run that was taken over").isEqualTo(settled);
    }

    private void isAtWork(OneProcess process) {
        long enough = requests() + 20 + random.nextInt(180);
        Eventually.holds(
                "enough was sent, or the run ended",
                () -> requests() >= enough || !process.isAlive());
    }

    private long settledBy(long run) {
        return scenario.count(
                """
                SELECT (SELECT count(*) FROM audit.attempt WHERE run_id = %1$d)
                       + (SELECT count(*) FROM audit.outcome WHERE run_id = %1$d)
                       + (SELECT count(*) FROM audit.run_end WHERE run_id = %1$d)
                """
                        .formatted(run));
    }

    private long requests() {
        return scenario.simulator.ledger().totals().requests();
    }

    /// A run, at times with a second process that waits for its lease, and at times a database
    /// whose connections break meanwhile.
    private void runAndKill() {
        try (var first = start();
                var second = random.nextInt(4) == 0 ? start() : null) {
            if (random.nextInt(3) == 0) {
                proxy.behave(new Fault.Latency(1 + random.nextInt(3)));
            }
            isAtWork(first);
            if (random.nextInt(4) == 0) {
                proxy.resetAll();
            }
            if (first.isAlive()) {
                first.kill();
                kills++;
            }
            if (second != null && second.isAlive()) {
                long more = requests() + random.nextInt(100);
                Eventually.holds(
                        "the second took over, or ended",
                        () -> requests() >= more || !second.isAlive());
                second.kill();
                kills++;
            }
        } finally {
            proxy.behave(new Fault.None());
        }
    }

    private OneProcess start() {
        return OneProcess.run(
                scenario,
                directory,
                List.of(),
                Map.of("RECONCILER_DB_URL", scenario.urlThrough(proxy.port())),
                List.of("--if-locked=wait=1m"),
                JOB);
    }

    private boolean isLeft() {
        return scenario.count(
                        "SELECT count(*) FROM reconciler.attribute_change WHERE settled_at IS NULL")
                > 0;
    }

    /// Whatever was put off is due by then.
    private void finish() {
        if (servers.canFail()) {
            servers.setClock(0);
        }
        for (int run = 0; isLeft(); run++) {
            assertThat(run).as("runs without a kill").isLessThan(10);
            try (var process = start()) {
                assertThat(process.exitCode(WHOLE_QUEUE_SECONDS)).as(process.said()).isIn(0, 3, 69);
            }
        }
    }

    private Result check(int rows) {
        ThreeBooks books = ThreeBooks.of(scenario);
        int lost = books.agreeAfterFailovers(servers.lost());
        assertThat(new Verification(scenario.database.dataSource()).verify(null, List.of()).first())
                .isEmpty();
        assertThat(scenario.count("SELECT count(*) FROM audit.outcome")).isEqualTo(rows);
        assertThat(scenario.count("SELECT count(*) FROM reconciler.intent")).isZero();
        return new Result(
                rows,
                kills,
                freezes,
                servers.failovers(),
                lost,
                servers.clockSteps(),
                requests(),
                books.repeats(),
                overTheRate());
    }

    /// Requests that were too many in a window of ten seconds, as it slides.
    private long overTheRate() {
        var window = new ArrayList<Long>();
        long over = 0;
        for (SeenRequest request : ThreeBooks.requests(scenario)) {
            long now = request.at().toEpochMilli();
            window.removeIf(earlier -> earlier <= now - 10_000);
            window.add(now);
            over = Math.max(over, window.size() - 10L * PER_SECOND);
        }
        return over;
    }
}
