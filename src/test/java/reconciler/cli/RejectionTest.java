package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A rejection holds from the moment it is on record, whatever becomes of who rejected.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RejectionTest {
    private static final String STRICT =
            """
            job: quick
            rate: {per-minute: 1000000}
            select: {approval: required}
            """;

    @TempDir private Path folder;

    private Desk desk;
    private JdbcClient jdbc;
    private long set;
    private long first;
    private long second;

    @BeforeEach
    void approved() {
        desk = new Desk(folder);
        desk.write("quick.yml", STRICT);
        jdbc = JdbcClient.create(desk.database.dataSource());
        set = desk.orders.set();
        first = desk.order().inSet(set).queue();
        second = desk.order().inSet(set).queue();
        desk.orders.approve(set, "robin");
        jdbc.sql("UPDATE reconciler.change_set SET queued_login = 'kim'").update();
    }

    @AfterEach
    void close() {
        desk.close();
    }

    @Test
    void nothing_is_sent_after_a_rejection_that_was_killed_before_it_cancelled_anything() {
        jdbc.sql("SELECT reconciler.reject(:set, 'no')").param("set", set).query().singleRow();

        assertThat(desk.says("run", "quick").err()).contains("2 rows wait for an approval");
        assertThat(desk.orders.state(first)).isEqualTo("PENDING");
        assertThat(desk.simulator.ledger().totals().requests()).isZero();
        assertThat(
                        jdbc.sql("SELECT action, reason FROM audit.event ORDER BY event_id")
                                .query((row, _) -> row.getString(1) + ": " + row.getString(2))
                                .list())
                .startsWith("rejected: no", "approval voided: the change set was rejected");
    }

    @Test
    void what_is_in_flight_meanwhile_is_told_and_has_no_approval_when_it_comes_back() {
        jdbc.sql(
                        "UPDATE reconciler.attribute_change SET state = 'IN_FLIGHT', claim = 7 WHERE id = :id")
                .param("id", second)
                .update();

        Desk.Said said = desk.says("reject", "" + set, "--comment", "no");

        assertThat(said.exit()).as(said.err()).isEqualTo(3);
        assertThat(said.out()).contains("1 change cancelled");
        assertThat(said.err())
                .contains("1 row is in flight and not touched: the run settles what it has sent.");
        assertThat(desk.orders.state(first)).isEqualTo("CANCELLED");
        jdbc.sql(
                        "UPDATE reconciler.attribute_change SET state = 'PENDING', claim = NULL WHERE id = :id")
                .param("id", second)
                .update();
        assertThat(desk.says("run", "quick").err()).contains("1 row waits for an approval");
        assertThat(desk.simulator.ledger().totals().requests()).isZero();
    }
}
