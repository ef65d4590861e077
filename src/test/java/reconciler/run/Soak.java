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

/// Kills runs by chance, again and again, or freezes them for longer than their lease, while the
/// API and the database misbehave, until every row has its outcome; then holds the books against
/// each other.
final class Soak {
    private static final int PER_SECOND = 200;

    private static final String[] JOB = {
        "rate: {per-minute: " + 60 * PER_SECOND + "}",
        "api: {timeout: 1s, in-flight: 16}",
        "partitions: {per-role: 3, chunk: 40}",
        "breaker: {openings: 1000}"
    };

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
    private final FaultProxy proxy;
    private int kills;
    private int freezes;

    private Soak(Random random, Path directory, Scenario scenario, FaultProxy proxy) {
        this.random = random;
        this.directory = directory;
        this.scenario = scenario;
        this.proxy = proxy;
    }

    /// What came of it, when all the books agree.
    ///
    /// @param freezes runs that were taken over and came back
    /// @param repeats writes that took effect again with the same value
    record Result(int rows, int kills, int freezes, long requests, long repeats, long overTheRate) {
        String inWords() {
            return "rows %d, kills %d, requests %d, repeats %d (all flagged), lost 0, double outcomes 0, order violations 0, requests over the rate %d"
                    .formatted(rows, kills, requests, repeats, overTheRate);
        }
    }

    static Result run(Seed seed, Path directory, int rows, int kills) {
        try (var scenario =
                        new Scenario(settings ->
                                settings.seed(seed.value()).latency(Duration.ofMillis(10)));
                var proxy = new FaultProxy(Scenario.address(scenario.database.settings()))) {
            var crowd = new Crowd(scenario, seed.random(), Math.max(20, rows / 3), 0.2);
            crowd.want(rows, 4, 0.03);
            FAULTS.forEach(scenario.simulator.faults()::add);
            var soak = new Soak(seed.random(), directory, scenario, proxy);
            while (soak.kills < kills && soak.isLeft()) {
                soak.runAndDisturb();
            }
            soak.finish();
            return soak.check(rows);
        }
    }

    private void runAndDisturb() {
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
            long run = scenario.count("SELECT max(run_id) FROM audit.run");
            try (var other = start()) {
                Eventually.holds(
                        "the other took over",
                        () ->
                                scenario.count("SELECT max(run_id) FROM audit.run") > run
                                        || !other.isAlive());
                isAtWork(other);
                long settled = settledBy(run);
                frozen.thaw();
                assertThat(frozen.exitCode())
                        .as(
                                "75, or its database went away, or it had just written its end: %s",
                                frozen.said())
                        .isIn(75, 69, 0, 3);
                assertThat(settledBy(run))
                        .as("added by a run that was taken over")
                        .isEqualTo(settled);
                if (other.isAlive()) {
                    other.kill();
                    kills++;
                }
            }
            freezes++;
        }
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

    private void finish() {
        for (int run = 0; isLeft(); run++) {
            assertThat(run).as("runs without a kill").isLessThan(10);
            try (var process = start()) {
                assertThat(process.exitCode()).as(process.said()).isIn(0, 3, 69);
            }
        }
    }

    private Result check(int rows) {
        ThreeBooks books = ThreeBooks.of(scenario);
        books.agreeAfterTrouble();
        assertThat(new Verification(scenario.database.dataSource()).verify(null, List.of()).first())
                .isEmpty();
        assertThat(scenario.count("SELECT count(*) FROM audit.outcome")).isEqualTo(rows);
        assertThat(scenario.count("SELECT count(*) FROM reconciler.intent")).isZero();
        return new Result(rows, kills, freezes, requests(), books.repeats(), overTheRate());
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
