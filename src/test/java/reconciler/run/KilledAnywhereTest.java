package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reconciler.Eventually;
import reconciler.audit.Verification;
import reconciler.fault.FaultProxy;
import reconciler.fault.Trap;

/// Promise 7, point by point: a real process is held at a named point of the path, by what it says
/// to the database or to the API, and killed there with SIGKILL.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class KilledAnywhereTest {
    private static final String CLAIM = "SET state = 'IN_FLIGHT', claim";
    private static final String INTENT = "INSERT INTO reconciler.intent";
    private static final String SETTLE = "s.defer_micros";

    /// With the end of the string on the wire: Batch has a column COMMIT_COUNT.
    private static final String COMMIT = "COMMIT\0";

    private static final String PATCH = "PATCH /api";

    private static final int ROWS = 30;
    private static final String[] JOB = {
        "api: {timeout: 1s, in-flight: 4}", "partitions: {per-role: 1, chunk: 10}"
    };

    @TempDir private Path directory;

    private enum Towards {
        DATABASE,
        API
    }

    /// Where the process stands still, and whether anything may have been sent that is not settled:
    /// not before the first page is under way, nor after the last of the three is settled.
    private enum Point {
        BEFORE_CLAIM(Towards.DATABASE, Trap.before(1, CLAIM), false),
        AFTER_CLAIM(Towards.DATABASE, Trap.beforeTheAnswer(1, CLAIM, COMMIT), false),
        BEFORE_INTENT(Towards.DATABASE, Trap.before(1, INTENT), false),
        BEFORE_SEND(Towards.DATABASE, Trap.beforeTheAnswer(1, INTENT, COMMIT), true),
        AFTER_SEND(Towards.API, Trap.before(7, PATCH), true),
        BEFORE_ANSWER(Towards.API, Trap.beforeTheAnswer(7, PATCH), true),
        AFTER_ANSWER(Towards.DATABASE, Trap.before(2, SETTLE), true),
        BEFORE_COMMIT(Towards.DATABASE, Trap.before(2, SETTLE, COMMIT), true),
        AFTER_COMMIT(Towards.DATABASE, Trap.beforeTheAnswer(3, SETTLE, COMMIT), false);

        private final Towards towards;
        private final Trap trap;
        private final boolean leavesDoubt;

        Point(Towards towards, Trap trap, boolean leavesDoubt) {
            this.towards = towards;
            this.trap = trap;
            this.leavesDoubt = leavesDoubt;
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_run_that_is_killed_there_leaves_nothing_untold(Point point) {
        try (var scenario = new Scenario();
                var database = new FaultProxy(Scenario.address(scenario.database.settings()));
                var api = new FaultProxy(address(scenario))) {
            for (int i = 0; i < ROWS; i++) {
                scenario.order().queue();
            }
            switch (point.towards) {
                case DATABASE -> database.set(point.trap);
                case API -> api.set(point.trap);
            }
            try (var process =
                    OneProcess.run(
                            scenario,
                            directory,
                            List.of(),
                            through(scenario, database, api),
                            List.of(),
                            JOB)) {
                Eventually.holds(
                        "the process got to " + point,
                        () -> point.trap.isSprung() || !process.isAlive());
                assertThat(process.isAlive()).as(process.said()).isTrue();
                process.kill();
            }
            database.resetAll();
            scenario.expireTheLease();

            RunReport report = scenario.run(JOB);

            assertThat(report.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(report.recovery())
                    .contains("found run 1 dead")
                    .containsPattern(point.leavesDoubt ? "[1-9]\\d* of them" : "\\b0 of them");
            assertThat(
                            scenario.count(
                                    "SELECT count(*) FROM reconciler.attribute_change WHERE state = 'APPLIED'"))
                    .isEqualTo(ROWS);
            assertThat(scenario.simulator.ledger().writes())
                    .as("nothing is repeated")
                    .hasSize(ROWS);
            ThreeBooks.of(scenario).agreeAfterTrouble();
            assertThat(scenario.count("SELECT count(*) FROM reconciler.intent")).isZero();
            assertThat(scenario.stillRunning()).isEmpty();
            assertThat(
                            new Verification(scenario.database.dataSource())
                                    .verify(null, List.of())
                                    .first())
                    .isEmpty();
        }
    }

    private static Map<String, String> through(
            Scenario scenario, FaultProxy database, FaultProxy api) {
        return Map.of(
                // statements with a name of their own would not be said again
                "RECONCILER_DB_URL",
                scenario.urlThrough(database.port(), "prepareThreshold=0"),
                "RECONCILER_API_BASE_URL",
                "http://127.0.0.1:" + api.port());
    }

    private static InetSocketAddress address(Scenario scenario) {
        return new InetSocketAddress(
                scenario.simulator.uri().getHost(), scenario.simulator.uri().getPort());
    }
}
