package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.simulator.AppliedWrite;

/// Promise 6: nothing is sent after a row's `apply_by`, before its `not_before`, or without the
/// approval that the job file asks for. The dry run has its test at the command line.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class NothingForbiddenIsSentTest {
    @Test
    void what_came_too_late_is_not_sent() {
        try (var scenario = new Scenario()) {
            long id = scenario.order().applyBy(Duration.ofMillis(-1)).queue();

            RunReport report = scenario.run();

            assertThat(report.exitCode()).isEqualTo(ExitCode.NOT_APPLIED);
            assertThat(scenario.outcome(id))
                    .containsEntry("status", "EXPIRED")
                    .containsEntry("error_code", "apply-by.passed")
                    .containsEntry("attempts", 0);
            assertThat(ThreeBooks.requests(scenario)).isEmpty();
        }
    }

    @Test
    void what_became_too_late_while_it_waited_for_its_turn_is_not_sent() {
        try (var scenario = new Scenario()) {
            for (int i = 0; i < 4; i++) {
                scenario.order().applyBy(Duration.ofMillis(3_000)).queue();
            }

            // one request every two seconds
            scenario.run("rate: {per-minute: 30, learn: true}");

            assertThat(states(scenario)).contains("EXPIRED");
            scenario.simulator
                    .ledger()
                    .writes()
                    .forEach(write -> assertThat(write.at()).isBefore(applyBy(scenario, write)));
            ThreeBooks.of(scenario).agree();
        }
    }

    @Test
    void what_became_too_late_during_a_pause_of_the_api_is_not_sent() {
        try (var scenario = new Scenario()) {
            long id = scenario.order().applyBy(Duration.ofMillis(1_500)).queue();
            scenario.simulator.faults().add("429 times=1 retry-after=2");

            scenario.run();

            assertThat(scenario.orders.state(id)).isEqualTo("EXPIRED");
            assertThat(scenario.simulator.ledger().writes()).isEmpty();
            ThreeBooks.of(scenario).agree();
        }
    }

    @Test
    void what_is_not_due_is_not_sent() {
        try (var scenario = new Scenario()) {
            long id = scenario.order().notBefore(Duration.ofMinutes(1)).queue();

            RunReport report = scenario.run();

            assertThat(report.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(scenario.orders.state(id)).isEqualTo("PENDING");
            assertThat(scenario.simulator.ledger().totals().requests()).isZero();
        }
    }

    @Test
    void what_nobody_approved_is_not_sent_when_the_job_asks_for_approval() {
        try (var scenario = new Scenario()) {
            long loose = scenario.order().queue();
            long waiting = scenario.order().inSet(scenario.orders.set()).queue();
            long set = scenario.orders.set();
            long approved = scenario.order().inSet(set).queue();
            scenario.orders.approve(set, "robin");

            scenario.run("select: {approval: required}");

            assertThat(scenario.orders.state(loose)).isEqualTo("PENDING");
            assertThat(scenario.orders.state(waiting)).isEqualTo("PENDING");
            assertThat(scenario.outcome(approved))
                    .containsEntry("status", "APPLIED")
                    .containsEntry("approved_by", "robin");
            assertThat(scenario.simulator.ledger().writes()).hasSize(1);
        }
    }

    @Test
    void a_small_set_goes_without_an_approval_only_when_all_of_it_is_there() {
        try (var scenario = new Scenario()) {
            long whole = scenario.orders.set();
            long free = scenario.order().inSet(whole).queue();
            says(scenario, whole, 1);
            long growing = scenario.order().inSet(scenario.orders.set()).queue();
            long grown = scenario.orders.set();
            long added = scenario.order().inSet(grown).queue();
            says(scenario, grown, 1);
            scenario.order().inSet(grown).queue();
            long large = scenario.orders.set();
            long first = scenario.order().inSet(large).queue();
            scenario.order().inSet(large).queue();
            scenario.order().inSet(large).queue();
            says(scenario, large, 3);

            scenario.run("select: {approval: {above-rows: 2, attributes: [segment]}}");

            assertThat(scenario.orders.state(free)).isEqualTo("APPLIED");
            assertThat(scenario.orders.state(growing)).isEqualTo("PENDING");
            assertThat(scenario.orders.state(added)).isEqualTo("PENDING");
            assertThat(scenario.orders.state(first)).isEqualTo("PENDING");
            assertThat(scenario.rows("SELECT * FROM audit.v_separation_of_duty")).isEmpty();
            assertThat(scenario.rows("SELECT approval_rule FROM audit.v_run"))
                    .singleElement()
                    .hasToString(
                            "{approval_rule={\"above-rows\": 2, \"attributes\": [\"segment\"]}}");
        }
    }

    private static void says(Scenario scenario, long set, int rows) {
        scenario.jdbc
                .sql("UPDATE reconciler.change_set SET rows_queued = :rows WHERE id = :set")
                .param("rows", rows)
                .param("set", set)
                .update();
    }

    @Test
    void roles_that_the_job_does_not_select_are_left_alone() {
        try (var scenario = new Scenario()) {
            long contact = scenario.order().queue();
            long agent = scenario.orderFor("agent", Map.of()).queue();

            scenario.run("select: {roles: [agent]}");

            assertThat(scenario.orders.state(contact)).isEqualTo("PENDING");
            assertThat(scenario.orders.state(agent)).isEqualTo("APPLIED");
        }
    }

    private static Instant applyBy(Scenario scenario, AppliedWrite write) {
        return scenario.jdbc
                .sql(
                        """
                        SELECT apply_by FROM reconciler.attribute_change
                         WHERE participant_id = :participant::uuid
                        """)
                .param("participant", write.participantId())
                .query(OffsetDateTime.class)
                .single()
                .toInstant();
    }

    private static List<String> states(Scenario scenario) {
        return scenario.jdbc
                .sql("SELECT state FROM reconciler.attribute_change")
                .query(String.class)
                .list();
    }
}
