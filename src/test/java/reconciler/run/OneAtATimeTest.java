package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.Seed;

/// Promise 3: changes to one participant are never in flight twice at once, and a later change is
/// never overwritten by an earlier one.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class OneAtATimeTest {
    private static final Seed SEED = Seed.of(OneAtATimeTest.class);

    @Test
    void few_participants_and_many_workers_never_meet() {
        try (var scenario =
                new Scenario(
                        settings -> settings.seed(SEED.value()).latency(Duration.ofMillis(3)))) {
            var crowd = new Crowd(scenario, SEED.random(), 6, 0.5);
            List.of("409 p=0.1", "500-after p=0.05", "drop-after p=0.05")
                    .forEach(scenario.simulator.faults()::add);
            for (int run = 0; run < 3; run++) {
                crowd.want(100, 12, 0.5);

                scenario.run("partitions: {per-role: 6, chunk: 4}");

                ThreeBooks.of(scenario).agree();
            }
        }
    }

    @Test
    void a_participant_that_is_queued_under_both_roles_has_one_request_at_a_time() {
        try (var scenario = new Scenario(settings -> settings.latency(Duration.ofMillis(20)))) {
            var order = scenario.order();
            for (int i = 0; i < 12; i++) {
                order.as(i % 2 == 0 ? "contact" : "agent").setting("a" + i, "v" + i).queue();
            }

            RunReport report = scenario.run("partitions: {per-role: 4, chunk: 2}");

            assertThat(report.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(scenario.simulator.ledger().totals().mostInFlight()).isEqualTo(1);
            ThreeBooks.of(scenario).agree();
        }
    }

    @Test
    void of_two_roles_that_ask_for_one_attribute_the_newer_wins() {
        try (var scenario = new Scenario()) {
            var order = scenario.order();
            long older = order.as("agent").setting("priority", "older").queue();
            long newer = order.as("contact").setting("priority", "newer").queue();

            scenario.run();

            assertThat(scenario.orders.state(older)).isEqualTo("SUPERSEDED");
            assertThat(scenario.orders.state(newer)).isEqualTo("APPLIED");
            assertThat(scenario.value(order, "priority")).isEqualTo("newer");
        }
    }

    @Test
    void what_was_put_off_does_not_come_after_what_is_newer() {
        try (var scenario = new Scenario()) {
            var order = scenario.order();
            long older = order.setting("priority", "older").queue();
            scenario.simulator.faults().add("409");
            RunReport first =
                    scenario.run("conflict: {attempts: 1, backoff: 1ms..1h, then: defer}");
            assertThat(first.total().deferred()).isEqualTo(1);
            assertThat(scenario.orders.state(older)).isEqualTo("PENDING");
            scenario.simulator.faults().clear();
            long newer = order.setting("priority", "newer").queue();

            scenario.run();

            assertThat(scenario.orders.state(older)).isEqualTo("SUPERSEDED");
            assertThat(scenario.orders.state(newer)).isEqualTo("APPLIED");
            assertThat(scenario.simulator.ledger().writes())
                    .singleElement()
                    .satisfies(write ->
                            assertThat(write.attributes()).isEqualTo(Map.of("priority", "newer")));
        }
    }

    @Test
    void what_is_not_due_yet_gives_way_to_what_is_newer_and_due() {
        try (var scenario = new Scenario()) {
            var order = scenario.order();
            long older = order.setting("priority", "older").notBefore(Duration.ofHours(1)).queue();
            long newer = order.setting("priority", "newer").queue();

            scenario.run();

            assertThat(scenario.orders.state(older)).isEqualTo("SUPERSEDED");
            assertThat(scenario.orders.state(newer)).isEqualTo("APPLIED");
        }
    }

    @Test
    void a_newer_change_that_has_to_wait_does_not_hold_up_the_older_one() {
        try (var scenario = new Scenario()) {
            var order = scenario.order();
            long older = order.setting("priority", "older").queue();
            long newer = order.setting("priority", "newer").notBefore(Duration.ofHours(1)).queue();

            scenario.run();

            assertThat(scenario.orders.state(older)).isEqualTo("APPLIED");
            assertThat(scenario.orders.state(newer)).isEqualTo("PENDING");
        }
    }
}
