package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reconciler.Eventually;

/// A slow answer keeps its own page waiting and nothing else.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(60)
class SlowAnswersTest {
    private static final String APPLIED =
            "SELECT count(*) FROM reconciler.attribute_change WHERE state = 'APPLIED'";

    private static final String IN_FLIGHT =
            "SELECT count(*) FROM reconciler.attribute_change WHERE state = 'IN_FLIGHT'";

    private static final String[] ONE_PARTITION = {
        "api: {in-flight: 4, timeout: 30s}", "partitions: {per-role: 1, chunk: 5}"
    };

    @Test
    void everything_else_of_its_partition_is_settled_while_it_waits() {
        var barrier = new Barrier(1);
        try (var scenario = Scenario.behind(barrier, 4)) {
            for (int i = 0; i < 100; i++) {
                scenario.order().queue();
            }
            CompletableFuture<RunReport> run = start(scenario, new StopSignal());

            Eventually.holds("all other pages are settled", () -> scenario.count(APPLIED) == 95);
            assertThat(scenario.count(IN_FLIGHT)).isEqualTo(5);

            barrier.lift();
            assertThat(run.join().exitCode()).isEqualTo(ExitCode.OK);
            assertThat(scenario.count(APPLIED)).isEqualTo(100);
            ThreeBooks.of(scenario).agree();
        }
    }

    @Test
    void what_the_same_participant_is_owed_besides_waits_for_it() {
        var barrier = new Barrier(1);
        try (var scenario = Scenario.behind(barrier, 4)) {
            var slow = scenario.order();
            for (int i = 0; i < 8; i++) {
                slow.setting("a" + i, "1").queue();
            }
            CompletableFuture<RunReport> run = start(scenario, new StopSignal());
            Eventually.holds("it is on the wire", () -> barrier.arrived() == 1);
            assertThat(scenario.count(IN_FLIGHT)).isEqualTo(5);

            barrier.lift();

            assertThat(run.join().exitCode()).isEqualTo(ExitCode.OK);
            assertThat(scenario.count(APPLIED)).isEqualTo(8);
            assertThat(scenario.simulator.ledger().totals().mostInFlight()).isEqualTo(1);
            ThreeBooks.of(scenario).agree();
        }
    }

    @Test
    void when_all_answers_are_slow_no_more_is_claimed_than_can_be_sent_next() {
        var barrier = new Barrier(4);
        try (var scenario = Scenario.behind(barrier, 4)) {
            for (int i = 0; i < 100; i++) {
                scenario.order().queue();
            }
            CompletableFuture<RunReport> run = start(scenario, new StopSignal());
            Eventually.holds("as many as may are on the wire", () -> barrier.arrived() == 4);

            assertThat(scenario.count(IN_FLIGHT)).isBetween(5L, 10L);

            barrier.lift();
            assertThat(run.join().exitCode()).isEqualTo(ExitCode.OK);
            ThreeBooks.of(scenario).agree();
        }
    }

    @Test
    void a_stop_settles_every_page_that_is_under_way_and_puts_back_what_was_not_sent() {
        var barrier = new Barrier(4);
        try (var scenario = Scenario.behind(barrier, 4)) {
            for (int i = 0; i < 100; i++) {
                scenario.order().queue();
            }
            var stop = new StopSignal();
            CompletableFuture<RunReport> run = start(scenario, stop);
            Eventually.holds("two pages are under way", () -> scenario.count(IN_FLIGHT) == 10);
            Eventually.holds("as many as may are on the wire", () -> barrier.arrived() == 4);

            stop.raise(ExitCode.STOPPED, "enough");
            barrier.lift();

            assertThat(run.join().exitCode()).isEqualTo(ExitCode.STOPPED);
            assertThat(scenario.count(APPLIED)).isEqualTo(4);
            assertThat(scenario.count(IN_FLIGHT)).isZero();
            assertThat(scenario.stillRunning()).isEmpty();
            assertThat(scenario.run().exitCode()).isEqualTo(ExitCode.OK);
            ThreeBooks.of(scenario).agree();
        }
    }

    private static CompletableFuture<RunReport> start(Scenario scenario, StopSignal stop) {
        return CompletableFuture.supplyAsync(() -> scenario.run(stop, ONE_PARTITION));
    }
}
