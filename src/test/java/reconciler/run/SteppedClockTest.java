package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reconciler.Eventually;
import reconciler.embedded.InstalledPostgres;
import reconciler.simulator.Simulator;
import reconciler.simulator.SimulatorSettings;

/// The clock of the database's server is set while a run is under way.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SteppedClockTest {
    private static final int ROWS = 600;

    private static final String[] JOB = {
        "rate: {per-minute: 6000}", "api: {in-flight: 16, timeout: 1s}"
    };

    @ParameterizedTest
    @ValueSource(longs = {3_600, -3_600})
    @Timeout(120)
    void one_run_works_at_its_pace_and_says_that_the_clock_was_set(
            long seconds, @TempDir Path directory) {
        String missing = InstalledPostgres.missingClock();
        assumeTrue(missing == null, missing);
        try (var server = InstalledPostgres.startWithClock(directory);
                var scenario =
                        new Scenario(
                                server.freshDatabase("reconciler"),
                                8,
                                Simulator.start(SimulatorSettings.with().build()))) {
            for (int i = 0; i < ROWS; i++) {
                scenario.order().queue();
            }
            CompletableFuture<RunReport> run =
                    CompletableFuture.supplyAsync(() -> scenario.run(JOB));
            requests(scenario, 150);
            long before = System.nanoTime();

            server.setClock(seconds);

            assertThatExceptionOfType(LeaseHeld.class).isThrownBy(() -> scenario.run(JOB));
            var leases = new Leases(scenario.database.dataSource());
            Eventually.holds(
                    "the holder tells of the step",
                    () -> Objects.requireNonNull(leases.holder()).clockStep() != null);
            RunReport report = run.join();
            assertThat(report.exitCode()).as(report.explanation()).isEqualTo(ExitCode.OK);
            assertThat(Objects.requireNonNull(report.clockStep()).by().toSeconds())
                    .isBetween(seconds - 2, seconds + 2);
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .as("%d requests at 100 a second", ROWS - 150)
                    .isBetween(Duration.ofSeconds(4), Duration.ofSeconds(15));
            assertThat(scenario.count("SELECT count(*) FROM audit.run")).isEqualTo(1);
        }
    }

    @Test
    @Timeout(120)
    void a_run_that_begins_when_the_clock_was_set_back_goes_at_its_pace(@TempDir Path directory) {
        String missing = InstalledPostgres.missingClock();
        assumeTrue(missing == null, missing);
        try (var server = InstalledPostgres.startWithClock(directory);
                var scenario =
                        new Scenario(
                                server.freshDatabase("reconciler"),
                                8,
                                Simulator.start(SimulatorSettings.with().build()))) {
            for (int i = 0; i < ROWS; i++) {
                scenario.order().queue();
            }
            var stop = new StopSignal();
            CompletableFuture<RunReport> first =
                    CompletableFuture.supplyAsync(() -> scenario.run(stop, JOB));
            requests(scenario, 250);
            stop.raise(ExitCode.STOPPED, "enough");
            first.join();
            server.setClock(-1_900);
            long before = System.nanoTime();

            RunReport next = scenario.run(JOB);

            assertThat(next.exitCode()).as(next.explanation()).isEqualTo(ExitCode.OK);
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isLessThan(Duration.ofSeconds(20));
        }
    }

    private static void requests(Scenario scenario, long enough) {
        Eventually.holds(
                "requests arrive", () -> scenario.simulator.ledger().totals().requests() >= enough);
    }
}
