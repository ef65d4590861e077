package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.Eventually;
import reconciler.database.Database;
import reconciler.simulator.Ledger;
import reconciler.simulator.Population;
import reconciler.simulator.Simulator;
import reconciler.simulator.SimulatorSettings;

/// Promise 8: memory does not grow with the number of rows, and no database connection is held
/// while waiting for the API.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LittleIsHeldTest {
    private static final String BUSY =
            """
            SELECT count(*) FROM pg_stat_activity
             WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()
            """;

    @TempDir private Path directory;

    @Test
    void eight_partitions_wait_for_the_api_and_hold_no_connection() {
        var barrier = new Barrier(64);
        try (var scenario = Scenario.behind(barrier, 2);
                Database watcher = Database.open(scenario.database.settings(), 1)) {
            for (int i = 0; i < 64; i++) {
                scenario.order().queue();
            }
            CompletableFuture<RunReport> run =
                    CompletableFuture.supplyAsync(() ->
                            scenario.run(
                                    "partitions: {per-role: 8, chunk: 20}",
                                    "api: {in-flight: 64, timeout: 30s}"));

            Eventually.holds("every row is on the wire", () -> barrier.arrived() == 64);

            JdbcClient activity = JdbcClient.create(watcher.dataSource());
            // apart from the lease, which is renewed every second
            Eventually.holds(
                    "nobody uses a connection",
                    () -> activity.sql(BUSY).query(Long.class).single() == 0);
            barrier.lift();
            assertThat(run.join().exitCode()).isEqualTo(ExitCode.OK);
            ThreeBooks.of(scenario).agree();
        }
    }

    /// Each waiting worker looks into the queue again and again.
    @Test
    void more_partitions_than_connections_get_in_nobodys_way() {
        try (var scenario =
                new Scenario(
                        2,
                        Simulator.start(
                                SimulatorSettings.with().latency(Duration.ofMillis(20)).build()))) {
            for (int i = 0; i < 60; i++) {
                var order = scenario.order();
                order.setting("a", "1").queue();
                order.as("agent").setting("b", "2").queue();
                order.as("acd").setting("c", "3").queue();
            }

            RunReport report =
                    scenario.run(
                            "partitions: {per-role: 8, chunk: 2}",
                            "api: {in-flight: 64, timeout: 30s}");

            assertThat(report.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(report.took()).isLessThan(Duration.ofSeconds(10));
            ThreeBooks.of(scenario).agree();
        }
    }

    @Test
    void more_than_fits_into_memory_goes_through_a_small_heap() {
        try (var scenario =
                new Scenario(settings ->
                        settings.strangers(Population.Strangers.ADOPTED)
                                .ledger(Ledger.Detail.COUNTS))) {
            // 10 000 rows of 6 400 letters are 64 MB
            scenario.jdbc
                    .sql(
                            """
                            INSERT INTO reconciler.attribute_change (conversation_id, participant_id, participant_role,
                                                                     attribute_name, attribute_value, requested_by)
                            SELECT md5('c' || n / 10)::uuid, md5('p' || n / 10)::uuid, 'contact', 'a' || n % 10,
                                   repeat(md5(n::text), 200), 'kim'
                              FROM generate_series(1, 10000) AS n
                            """)
                    .update();

            try (var process =
                    OneProcess.run(
                            scenario,
                            directory,
                            List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError"),
                            "partitions: {per-role: auto, chunk: 100}",
                            "api: {in-flight: 8}")) {
                assertThat(process.exitCode()).as(process.said()).isEqualTo(0);
            }

            assertThat(
                            scenario.count(
                                    "SELECT count(*) FROM audit.outcome WHERE status = 'APPLIED'"))
                    .isEqualTo(10_000);
            assertThat(scenario.simulator.ledger().totals().mostInFlight()).isEqualTo(1);
        }
    }
}
