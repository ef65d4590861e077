package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ReconciliationTest {

    @Test
    void a_pending_row_becomes_one_request_one_attempt_and_one_outcome() {
        try (var scenario = new Scenario()) {
            var order = scenario.order();
            long id = order.setting("priority", "high").queue();

            RunReport report = scenario.run();

            assertThat(report.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(scenario.value(order, "priority")).isEqualTo("high");
            assertThat(scenario.orders.state(id)).isEqualTo("APPLIED");
            assertThat(scenario.outcome(id))
                    .containsEntry("status", "APPLIED")
                    .containsEntry("confirmed_by", "answer")
                    .containsEntry("http_status", 200)
                    .containsEntry("attempts", 1)
                    .containsEntry("requested_by", "kim");
            assertThat(scenario.rows("SELECT * FROM audit.v_attempt WHERE purpose <> 'TOKEN'"))
                    .hasSize(1);
            assertThat(scenario.simulator.ledger().totals().requests())
                    .isEqualTo(2); // a token, a PATCH
        }
    }

    @Test
    void attributes_of_one_participant_travel_in_one_request() {
        try (var scenario = new Scenario()) {
            var order = scenario.order();
            order.setting("a", "1").queue();
            order.setting("b", "2").queue();
            order.setting("c", "3").queue();

            RunReport report = scenario.run();

            assertThat(report.statistics().requests()).isEqualTo(1);
            assertThat(scenario.value(order, "c")).isEqualTo("3");
            assertThat(scenario.count("SELECT count(*) FROM audit.outcome")).isEqualTo(3);
        }
    }

    @Test
    void every_kind_of_end_gets_its_outcome_and_the_books_balance() {
        try (var scenario = new Scenario()) {
            var older = scenario.order();
            long superseded = older.queue();
            long newest = older.setting("priority", "low").queue();
            long unchanged = scenario.orderFor("customer", Map.of("priority", "high")).queue();
            long gone = scenario.orders.order().queue();
            long expired = scenario.order().applyBy(Duration.ofMinutes(-1)).queue();
            var contested = scenario.order();
            long conflict = contested.queue();
            scenario.simulator.faults().add("409 participant=" + contested.participant());
            var unlucky = scenario.order();
            long failed = unlucky.queue();
            scenario.simulator.faults().add("503 participant=" + unlucky.participant());
            var mistaken = scenario.orderFor("agent", Map.of());
            long corrected = mistaken.as("contact").queue();

            RunReport report = scenario.run("before-image: read");

            assertThat(report.exitCode()).isEqualTo(ExitCode.NOT_APPLIED);
            assertThat(scenario.orders.state(superseded)).isEqualTo("SUPERSEDED");
            assertThat(scenario.outcome(superseded))
                    .containsEntry("error_message", "change " + newest + " is newer");
            assertThat(scenario.orders.state(newest)).isEqualTo("APPLIED");
            assertThat(scenario.orders.state(unchanged)).isEqualTo("UNCHANGED");
            assertThat(scenario.orders.state(gone)).isEqualTo("REJECTED");
            assertThat(scenario.orders.state(expired)).isEqualTo("EXPIRED");
            assertThat(scenario.orders.state(conflict)).isEqualTo("CONFLICT");
            assertThat(scenario.orders.state(failed)).isEqualTo("FAILED");
            assertThat(scenario.outcome(corrected))
                    .containsEntry("status", "APPLIED")
                    .containsEntry("corrected_role", "agent");
            assertThat(scenario.rows("SELECT * FROM audit.v_reconciliation"))
                    .singleElement()
                    .satisfies(row ->
                            assertThat(row)
                                    .containsEntry("queued", 8L)
                                    .containsEntry("without_their_outcome", 0L)
                                    .containsEntry("with_a_premature_outcome", 0L));
        }
    }

    @Test
    void policies_show_in_the_step_counters_of_batch() {
        try (var scenario = new Scenario()) {
            for (int i = 0; i < 4; i++) {
                scenario.order().queue();
            }
            var contested = scenario.order();
            contested.queue();
            scenario.simulator.faults().add("409 participant=" + contested.participant());
            var twice = scenario.order();
            twice.queue();
            twice.queue();

            scenario.run();

            assertThat(
                            scenario.rows(
                                    """
                                    SELECT read_count, write_count, filter_count, process_skip_count, status
                                      FROM batch.batch_step_execution WHERE step_name = 'patch'
                                    """))
                    .singleElement()
                    .satisfies(step ->
                            assertThat(step)
                                    .containsEntry("read_count", 7L)
                                    .containsEntry("write_count", 5L)
                                    .containsEntry("filter_count", 1L)
                                    .containsEntry("process_skip_count", 1L)
                                    .containsEntry("status", "COMPLETED"));
        }
    }

    @Test
    void a_run_with_nothing_to_do_is_recorded_and_says_so() {
        try (var scenario = new Scenario()) {
            RunReport report = scenario.run();

            assertThat(report.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(report.explanation()).isEqualTo("nothing was due");
            assertThat(scenario.rows("SELECT exit_code FROM audit.v_run"))
                    .singleElement()
                    .satisfies(row -> assertThat(row).containsEntry("exit_code", 0));
        }
    }
}
