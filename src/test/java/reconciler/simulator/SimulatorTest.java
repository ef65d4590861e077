package reconciler.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static reconciler.simulator.Caller.PUBLISHED;
import static reconciler.simulator.Caller.READ;
import static reconciler.simulator.Caller.published;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SimulatorTest {

    @Test
    void it_is_found_on_the_loopback_only_and_on_a_port_that_was_free() {
        try (Simulator one = Simulator.start(SimulatorSettings.defaults());
                Simulator two = Simulator.start(SimulatorSettings.defaults())) {
            assertThat(one.uri().toString()).matches("http://127\\.0\\.0\\.1:[1-9]\\d*");
            assertThat(one.uri()).isNotEqualTo(two.uri());
        }
    }

    @Test
    void answers_take_their_latency_and_some_take_many_times_that() throws Exception {
        RecordedPause pause = new RecordedPause();
        SimulatorSettings settings =
                Caller.settings()
                        .latency(Duration.ofMillis(20))
                        .tailShare(0.25)
                        .tailFactor(50)
                        .build();
        try (Simulator simulator =
                        Caller.populated(Simulator.start(settings, new SettableTime(), pause));
                Caller caller = new Caller(simulator)) {
            for (int i = 0; i < 200; i++) {
                caller.get(READ);
            }

            assertThat(pause.lengths())
                    .hasSize(200)
                    .containsOnly(Duration.ofMillis(20), Duration.ofSeconds(1));
            assertThat(Collections.frequency(pause.lengths(), Duration.ofSeconds(1)))
                    .isBetween(25, 75);
        }
    }

    @Test
    void a_seed_makes_the_same_population_again() {
        List<Party> first = population(7);

        assertThat(population(7)).isEqualTo(first);
        assertThat(population(8)).doesNotContainAnyElementsOf(first);
        assertThat(first).hasSize(1_000).doesNotHaveDuplicates();
        assertThat(first.stream().filter(party -> party.purpose().equals("agent")).count())
                .isBetween(50L, 150L);
    }

    @Test
    @Timeout(20)
    void closing_does_not_wait_for_requests_that_hang() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        Pause pause =
                length -> {
                    if (length.isPositive()) {
                        hanging.countDown();
                        Thread.sleep(length);
                    }
                };
        Simulator simulator =
                Caller.populated(
                        Simulator.start(
                                Caller.settings().faults(List.of("hang")).build(),
                                new SettableTime(),
                                pause));
        try (Caller caller = new Caller(simulator);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> request = threads.submit(() -> caller.patch(PUBLISHED, published("a", "b")));
            hanging.await();

            simulator.close();

            assertThatThrownBy(request::get).hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void a_wrong_setting_is_refused_by_name() {
        assertThatThrownBy(() -> SimulatorSettings.with().tailShare(2).build())
                .hasMessage("simulator: tail-share must be from 0 to 1");
        assertThatThrownBy(() -> SimulatorSettings.with().port(70_000).build())
                .hasMessage("simulator: port must be from 0 to 65535");
        assertThatThrownBy(() -> SimulatorSettings.with().latency(Duration.ofMillis(-1)).build())
                .hasMessage("simulator: latency must not be negative");
    }

    @Test
    void a_wrong_fault_rule_stops_the_start() {
        SimulatorSettings settings = SimulatorSettings.with().faults(List.of("nonsense")).build();

        assertThatThrownBy(() -> Simulator.start(settings)).hasMessageContaining("'nonsense'");
    }

    @Test
    void the_defaults_are_the_documented_ones() {
        SimulatorSettings settings = SimulatorSettings.defaults();

        assertThat(settings.address()).isEqualTo("127.0.0.1");
        assertThat(settings.port()).isZero();
        assertThat(settings.pace()).isEqualTo(new Pace(Duration.ZERO, 0, 50));
        assertThat(settings.rateLimit()).isEqualTo(RateLimit.none());
        assertThat(settings.access().clientId()).isEqualTo("demo");
        assertThat(settings.access().clientSecret()).isEqualTo("demo-secret");
        assertThat(settings.access().tokenLifetime()).isEqualTo(Duration.ofHours(24));
        assertThat(settings.population())
                .isEqualTo(new Population(0, Population.Strangers.REFUSED));
        assertThat(settings.limits().bodyBytes()).isEqualTo(512_000);
        assertThat(settings.faults()).isEmpty();
        assertThat(settings.ledger()).isEqualTo(Ledger.Detail.EVERYTHING);
    }

    private static List<Party> population(long seed) {
        SimulatorSettings settings =
                SimulatorSettings.with().participants(1_000).seed(seed).build();
        try (Simulator simulator = Simulator.start(settings)) {
            return simulator.conversations().parties().toList();
        }
    }
}
