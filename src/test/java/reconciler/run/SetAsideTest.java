package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.queue.Orders.Order;

/// Promise 14: one row that cannot be settled is set aside and named; the others go on.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SetAsideTest {
    private static final Steering.Order ORDER = new Steering.Order("kim", "looked into");

    @Test
    void a_row_with_an_outcome_on_record_is_not_sent_again_and_stops_nobody() {
        try (var scenario = new Scenario()) {
            long poisoned = scenario.order().queue();
            scenario.run();
            scenario.jdbc
                    .sql(
                            "UPDATE reconciler.attribute_change SET state = 'PENDING', settled_at = NULL")
                    .update();
            List<Long> others = queue(scenario, 5);

            RunReport report = scenario.run();

            assertThat(report.exitCode()).isEqualTo(ExitCode.NOT_APPLIED);
            assertThat(report.explanation())
                    .contains("1 row is set aside, `reconciler status` names it");
            assertThat(others)
                    .allSatisfy(id -> assertThat(scenario.orders.state(id)).isEqualTo("APPLIED"));
            assertThat(scenario.simulator.ledger().writes()).hasSize(6);
            assertThat(reason(scenario, poisoned))
                    .contains("an outcome of it is on record already", "APPLIED");
            assertThat(scenario.run().exitCode()).isEqualTo(ExitCode.OK);
            assertThat(scenario.count("SELECT sum(set_aside) FROM audit.v_reconciliation"))
                    .isEqualTo(1);

            new Cancellations(scenario.database.dataSource()).ofChange(poisoned, ORDER);

            assertThat(scenario.orders.state(poisoned)).isEqualTo("APPLIED");
            assertThat(scenario.count("SELECT count(*) FROM reconciler.set_aside")).isZero();
            assertThat(events(scenario, poisoned))
                    .containsExactly("set aside by reconciler", "closed by kim");
        }
    }

    @Test
    void a_row_whose_settlement_a_trigger_refuses_is_set_aside_and_read_back_once_it_is_let_go() {
        try (var scenario = new Scenario()) {
            List<Long> before = queue(scenario, 3);
            long poisoned = scenario.order().queue();
            List<Long> after = queue(scenario, 3);
            refuse(scenario, "NEW.id = " + poisoned + " AND NEW.state <> 'IN_FLIGHT'");

            RunReport report = scenario.run();

            assertThat(report.exitCode()).isEqualTo(ExitCode.NOT_APPLIED);
            assertThat(before)
                    .allSatisfy(id -> assertThat(scenario.orders.state(id)).isEqualTo("APPLIED"));
            assertThat(after)
                    .allSatisfy(id -> assertThat(scenario.orders.state(id)).isEqualTo("APPLIED"));
            assertThat(reason(scenario, poisoned)).contains("not while I live");
            assertThat(scenario.simulator.ledger().writes()).hasSize(7);
            ThreeBooks.requests(scenario);

            assertThat(scenario.run().exitCode()).isEqualTo(ExitCode.OK);
            assertThat(scenario.simulator.ledger().writes()).as("nothing is repeated").hasSize(7);

            scenario.jdbc.sql("DROP TRIGGER refusal ON reconciler.attribute_change").update();
            new Steering(scenario.database.dataSource()).letGo(poisoned, ORDER);
            assertThat(scenario.run().exitCode()).isEqualTo(ExitCode.OK);

            assertThat(scenario.simulator.ledger().writes()).as("it is read back").hasSize(7);
            assertThat(scenario.outcome(poisoned))
                    .containsEntry("status", "APPLIED")
                    .containsEntry("confirmed_by", "read-back");
            ThreeBooks.of(scenario).agree();
        }
    }

    @Test
    void what_is_refused_only_at_the_commit_is_found_as_well() {
        try (var scenario = new Scenario()) {
            List<Long> others = queue(scenario, 4);
            long poisoned = scenario.order().queue();
            function(scenario);
            scenario.jdbc
                    .sql(
                            """
                            CREATE CONSTRAINT TRIGGER refusal AFTER UPDATE ON reconciler.attribute_change
                                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
                                WHEN (NEW.id = %d AND NEW.state = 'APPLIED') EXECUTE FUNCTION public.refuse()
                            """
                                    .formatted(poisoned))
                    .update();

            RunReport report = scenario.run();

            assertThat(report.exitCode()).isEqualTo(ExitCode.NOT_APPLIED);
            assertThat(others)
                    .allSatisfy(id -> assertThat(scenario.orders.state(id)).isEqualTo("APPLIED"));
            assertThat(scenario.orders.state(poisoned)).isEqualTo("PENDING");
        }
    }

    @Test
    void a_row_that_somebody_removes_while_it_is_in_flight_stops_nobody() {
        try (var scenario = new Scenario()) {
            List<Long> others = queue(scenario, 4);
            long removed = scenario.order().queue();
            scenario.jdbc
                    .sql(
                            """
                            CREATE FUNCTION public.remove() RETURNS trigger LANGUAGE plpgsql AS $$
                            BEGIN
                                DELETE FROM reconciler.attribute_change WHERE id = %d;
                                RETURN NULL;
                            END $$;
                            CREATE TRIGGER removal AFTER INSERT ON reconciler.intent
                                FOR EACH STATEMENT EXECUTE FUNCTION public.remove()
                            """
                                    .formatted(removed))
                    .update();

            RunReport report = scenario.run();

            assertThat(report.exitCode()).isEqualTo(ExitCode.NOT_APPLIED);
            assertThat(others)
                    .allSatisfy(id -> assertThat(scenario.orders.state(id)).isEqualTo("APPLIED"));
            assertThat(reason(scenario, removed)).contains("changed or removed the row");
        }
    }

    @Test
    void older_changes_to_the_same_attribute_wait_with_it_and_newer_ones_go_on() {
        try (var scenario = new Scenario()) {
            Order order = scenario.order();
            long poisoned = order.setting("tier", "poison").queue();
            long elsewhere = order.setting("other", "x").queue();
            refuse(scenario, "NEW.id = " + poisoned + " AND NEW.state <> 'IN_FLIGHT'");
            scenario.run();
            assertThat(scenario.orders.state(elsewhere)).isEqualTo("APPLIED");
            long older = insertBefore(scenario, order, poisoned);

            assertThat(scenario.run().exitCode()).isEqualTo(ExitCode.OK);
            assertThat(scenario.orders.state(older)).isEqualTo("PENDING");
            long newer = order.setting("tier", "new").queue();
            scenario.jdbc.sql("DROP TRIGGER refusal ON reconciler.attribute_change").update();

            assertThat(scenario.run().exitCode()).isEqualTo(ExitCode.OK);

            assertThat(scenario.orders.state(newer)).isEqualTo("APPLIED");
            assertThat(scenario.value(order, "tier")).isEqualTo("new");
            assertThatExceptionOfType(Contradiction.class)
                    .isThrownBy(() ->
                            new Steering(scenario.database.dataSource()).letGo(poisoned, ORDER))
                    .withMessageContaining("was overtaken by change " + newer);
            new Cancellations(scenario.database.dataSource()).ofChange(poisoned, ORDER);
            assertThat(scenario.orders.state(poisoned)).isEqualTo("CANCELLED");
        }
    }

    @Test
    void a_row_that_cannot_be_claimed_is_set_aside_and_the_others_go_on() {
        try (var scenario = new Scenario()) {
            List<Long> others = queue(scenario, 6);
            long poisoned = scenario.order().queue();
            others.addAll(queue(scenario, 6));
            refuse(scenario, "NEW.id = " + poisoned);

            RunReport report = scenario.run("partitions: {per-role: 1, chunk: 8}");

            assertThat(report.exitCode()).isEqualTo(ExitCode.NOT_APPLIED);
            assertThat(others)
                    .allSatisfy(id -> assertThat(scenario.orders.state(id)).isEqualTo("APPLIED"));
            assertThat(reason(scenario, poisoned))
                    .contains("not while I live")
                    .doesNotContain("high");
            assertThat(scenario.simulator.ledger().writes()).hasSize(12);
        }
    }

    @Test
    void a_row_of_a_dead_run_that_cannot_be_put_back_stops_no_run() {
        try (var scenario = new Scenario()) {
            long poisoned = scenario.order().queue();
            scenario.jdbc
                    .sql(
                            "UPDATE reconciler.attribute_change SET state = 'IN_FLIGHT', claim = 999999")
                    .update();
            refuse(scenario, "NEW.id = " + poisoned);
            List<Long> others = queue(scenario, 3);

            RunReport report = scenario.run();

            assertThat(report.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(report.explanation()).contains("1 row is set aside");
            assertThat(others)
                    .allSatisfy(id -> assertThat(scenario.orders.state(id)).isEqualTo("APPLIED"));
            assertThat(scenario.orders.state(poisoned)).isEqualTo("IN_FLIGHT");
            assertThat(scenario.count("SELECT count(*) FROM reconciler.set_aside WHERE sent"))
                    .isEqualTo(1);
        }
    }

    @Test
    void the_failure_budget_ends_a_run_that_sets_aside_too_many() {
        try (var scenario = new Scenario()) {
            queue(scenario, 40);
            refuse(scenario, "NEW.id % 2 = 0 AND NEW.state <> 'IN_FLIGHT'");

            RunReport report =
                    scenario.run(
                            "partitions: {per-role: 1, chunk: 20}",
                            "failure-budget: {rows: 5%, at-least: 4}");

            assertThat(report.exitCode()).isEqualTo(ExitCode.STOPPED_BY_FAILURES);
        }
    }

    private static List<Long> queue(Scenario scenario, int rows) {
        var ids = new ArrayList<Long>();
        for (int i = 0; i < rows; i++) {
            ids.add(scenario.order().queue());
        }
        return ids;
    }

    /// Rows get their numbers by themselves: an older one can only be made by force.
    private static long insertBefore(Scenario scenario, Order order, long newer) {
        return scenario.jdbc
                .sql(
                        """
                        INSERT INTO reconciler.attribute_change
                               (conversation_id, participant_id, participant_role, attribute_name, attribute_value, requested_by, id)
                        OVERRIDING SYSTEM VALUE
                        VALUES (:conversation, :participant, 'contact', 'tier', 'older', 'kim', :id)
                        RETURNING id
                        """)
                .param("conversation", order.conversation())
                .param("participant", order.participant())
                .param("id", newer - 1_000)
                .query(Long.class)
                .single();
    }

    private static void function(Scenario scenario) {
        scenario.jdbc
                .sql(
                        """
                        CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                        BEGIN
                            RAISE EXCEPTION 'not while I live: %', NEW.attribute_value;
                        END $$
                        """)
                .update();
    }

    private static void refuse(Scenario scenario, String when) {
        function(scenario);
        scenario.jdbc
                .sql(
                        """
                        CREATE TRIGGER refusal BEFORE UPDATE ON reconciler.attribute_change
                            FOR EACH ROW WHEN (%s) EXECUTE FUNCTION public.refuse()
                        """
                                .formatted(when))
                .update();
    }

    private static String reason(Scenario scenario, long change) {
        return scenario.jdbc
                .sql("SELECT reason FROM reconciler.set_aside WHERE change_id = :change")
                .param("change", change)
                .query(String.class)
                .single();
    }

    private static List<String> events(Scenario scenario, long change) {
        return scenario.jdbc
                .sql(
                        """
                        SELECT action || ' by ' || actor FROM audit.v_event
                         WHERE object = 'change ' || :change ORDER BY event_id
                        """)
                .param("change", change)
                .query(String.class)
                .list();
    }
}
