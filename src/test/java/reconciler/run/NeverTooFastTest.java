package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reconciler.simulator.RateLimit;
import reconciler.simulator.SeenRequest;

/// Promise 5, within one process: the configured rate is never exceeded, and a `Retry-After` pauses
/// everybody.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Tag("alone")
class NeverTooFastTest {
    private static final String FOUR_PARTITIONS = "partitions: {per-role: 4, chunk: 5}";

    @Test
    void all_partitions_together_keep_the_rate() {
        try (var scenario = scenario(45);
                var hiccups = Hiccups.begin()) {
            RunReport report =
                    scenario.run("rate: {per-minute: 1200, learn: true}", FOUR_PARTITIONS);

            assertThat(report.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(scenario.simulator.ledger().mostRequestsIn(Duration.ofSeconds(1)))
                    .as("arrivals: a busy machine makes some of them late")
                    .isBetween(2, 24);
            assertThat(Departures.of(scenario).mostInASecond())
                    .isLessThanOrEqualTo(20 + Hiccups.slots(hiccups.longest(), 20));
        }
    }

    @Test
    void one_retry_after_pauses_everybody() {
        try (var scenario = scenario(60)) {
            scenario.simulator.faults().add("429 times=1 retry-after=1");

            scenario.run("rate: {per-minute: 6000, learn: true}", FOUR_PARTITIONS);

            List<SeenRequest> requests = ThreeBooks.requests(scenario);
            Instant refused =
                    requests.stream()
                            .filter(request -> request.status() == 429)
                            .findFirst()
                            .orElseThrow()
                            .at();
            // what was on its way when the answer came is not called back
            Duration onTheWay = Duration.ofMillis(250);
            assertThat(requests)
                    .noneMatch(request ->
                            request.at().isAfter(refused.plus(onTheWay))
                                    && request.at().isBefore(refused.plusSeconds(1)));
            assertThat(requests)
                    .as("there was more to send")
                    .anyMatch(request -> request.at().isAfter(refused.plusSeconds(1)));
        }
    }

    @Test
    void an_allowance_that_the_api_names_is_learnt() {
        var allowance = new RateLimit(1200, Duration.ofMinutes(1));
        try (var scenario = new Scenario(settings -> settings.rateLimit(allowance))) {
            for (int i = 0; i < 45; i++) {
                scenario.order().queue();
            }

            // what went out before the first answer came back is ahead of what is learnt
            RunReport report = scenario.run(FOUR_PARTITIONS, "api: {in-flight: 4}");

            assertThat(report.exitCode()).isEqualTo(ExitCode.OK);
            Instant learnt = ThreeBooks.requests(scenario).getFirst().at().plusMillis(500);
            assertThat(
                            scenario.simulator
                                    .ledger()
                                    .mostRequestsIn(
                                            Duration.ofSeconds(1),
                                            request -> request.at().isAfter(learnt)))
                    .isBetween(1, 22);
        }
    }

    private static Scenario scenario(int rows) {
        var scenario = new Scenario();
        for (int i = 0; i < rows; i++) {
            scenario.order().queue();
        }
        return scenario;
    }
}
