package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.Seed;

/// Promise 1: a row that was queued ends in exactly one terminal outcome with evidence, or is still
/// pending. Never two, never none.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ExactlyOneOutcomeTest {
    private static final Seed SEED = Seed.of(ExactlyOneOutcomeTest.class);

    /// All that can happen; `-after` ones take effect and say otherwise. `close-idle` is left out:
    /// what is written to a connection that was closed meanwhile is an attempt that never arrives.
    private static final List<String> FAULTS =
            List.of(
                    "409 p=0.05",
                    "429 times=1 retry-after=1",
                    "408 p=0.01",
                    "500 p=0.01",
                    "500-after p=0.02",
                    "502 p=0.01",
                    "503 p=0.01 retry-after=0",
                    "503-after p=0.01",
                    "504-after p=0.02",
                    "302 p=0.005",
                    "307 p=0.005",
                    "drop p=0.02",
                    "drop-after p=0.03",
                    "hang-after times=1 for=2s",
                    "slow-body p=0.01 for=100ms",
                    "html p=0.01",
                    "html-after p=0.01",
                    "empty p=0.01",
                    "huge p=0.005 bytes=300000",
                    "401 times=1",
                    "403-division p=0.01",
                    "400-attribute p=0.02",
                    "400 p=0.02");

    @Test
    void whatever_goes_wrong_every_row_has_one_outcome_or_waits() {
        RandomGenerator random = SEED.random();
        try (var scenario = new Scenario(settings -> settings.seed(SEED.value()))) {
            var crowd = new Crowd(scenario, random, 60, 0.3);
            FAULTS.forEach(scenario.simulator.faults()::add);
            for (int run = 0; run < 3; run++) {
                crowd.want(120, 4, 0.1);

                scenario.run(
                        "api: {timeout: 1s}",
                        "partitions: {per-role: 3, chunk: 7}",
                        "conflict: {attempts: 2, backoff: 1ms..2ms, then: "
                                + (random.nextBoolean() ? "defer" : "skip")
                                + "}",
                        "before-image: " + (random.nextBoolean() ? "read" : "off"),
                        "verify: {sample: " + random.nextInt(100) + "%}");

                ThreeBooks.of(scenario).agree();
            }
            assertThat(
                            scenario.count(
                                    "SELECT count(DISTINCT state) FROM reconciler.attribute_change"))
                    .as("there was something to get wrong")
                    .isGreaterThanOrEqualTo(3);
        }
    }
}
