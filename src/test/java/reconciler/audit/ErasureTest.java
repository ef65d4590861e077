package reconciler.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.database.Database;
import reconciler.embedded.TestPostgres;
import reconciler.queue.Orders;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ErasureTest {
    /// Changes 2 and 3 are this participant's.
    private static final UUID PARTICIPANT = new UUID(8, 1);

    private Database database;
    private Records records;
    private Erasure erasure;

    @BeforeEach
    void record() {
        database = Database.open(TestPostgres.freshDatabase(), 3);
        records = new Records(database.dataSource());
        records.run(1);
        erasure = new Erasure(database.dataSource());
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void values_go_and_outcomes_stay_and_verify() {
        assertThat(erasure.erase(PARTICIPANT, "ann", "request 12")).isEqualTo(2);

        assertThat(
                        records.jdbc
                                .sql(
                                        "SELECT status, before_value, requested_value FROM audit.v_outcome WHERE change_id = 2")
                                .query()
                                .singleRow())
                .containsEntry("status", "APPLIED")
                .containsEntry("before_value", null)
                .containsEntry("requested_value", null);
        Verification.Report report = records.verify();
        assertThat(report.first()).isEmpty();
        assertThat(report.erased()).isEqualTo(2);
        assertThat(report.outcomes()).isEqualTo(6);
    }

    @Test
    void an_erasure_is_an_event_under_a_seal() {
        erasure.erase(PARTICIPANT, "ann", "request 12");

        assertThat(
                        records.jdbc
                                .sql(
                                        "SELECT actor, object, reason, detail FROM audit.event WHERE action = 'erased'")
                                .query()
                                .singleRow()
                                .values())
                .containsExactly("ann", "participant " + PARTICIPANT, "request 12", "2 values");
        records.attack("DELETE FROM audit.event");
        assertThat(records.verify().first())
                .anyMatch(fault -> fault.contains("covers event 1, which is not there"))
                .anyMatch(fault -> fault.contains("gone and no erasure says so"));
    }

    @Test
    void an_erasure_does_not_excuse_what_came_after_it() {
        erasure.erase(PARTICIPANT, "ann", "request 12");
        Records later = records;
        later.run(1);
        later.attack(
                "UPDATE audit.outcome SET participant_id = participant_id",
                "DELETE FROM audit.value WHERE outcome_id = 8");

        assertThat(records.verify().first())
                .singleElement()
                .asString()
                .contains("the value of outcome 8 (change 8) is gone");
    }

    @Test
    void the_queue_forgets_the_value_too() {
        var orders = new Orders(database.dataSource());
        long id = orders.order().setting("tier", "secret").queue();
        records.attack(
                "UPDATE reconciler.attribute_change SET participant_id = '"
                        + PARTICIPANT
                        + "', state = 'APPLIED', settled_at = now() WHERE id = "
                        + id,
                "UPDATE audit.outcome SET change_id = 1000 WHERE change_id = 1",
                "UPDATE audit.outcome SET change_id = 1 WHERE change_id = 2");

        erasure.erase(PARTICIPANT, "ann", "request 12");

        assertThat(
                        records.jdbc
                                .sql("SELECT attribute_value FROM reconciler.attribute_change")
                                .query(String.class)
                                .single())
                .isEqualTo("(erased)");
    }

    @Test
    void what_cannot_be_erased_is_said_in_one_sentence() {
        var stranger = UUID.randomUUID();
        assertThatThrownBy(() -> erasure.erase(stranger, "ann", "because"))
                .isInstanceOf(Refused.class)
                .hasMessage("nothing is recorded of participant " + stranger);
        assertThatThrownBy(() -> erasure.erase(PARTICIPANT, "ann", " "))
                .isInstanceOf(Refused.class)
                .hasMessage("an erasure needs a reason");
        new Orders(database.dataSource()).order().of(UUID.randomUUID(), PARTICIPANT).queue();
        assertThatThrownBy(() -> erasure.erase(PARTICIPANT, "ann", "because"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("still wait: cancel them or let them settle first");
    }
}
