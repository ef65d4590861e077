package reconciler.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import reconciler.change.ParticipantRole;
import reconciler.database.Database;
import reconciler.embedded.TestPostgres;
import reconciler.outcome.Disposition;
import reconciler.outcome.Evidence;
import reconciler.outcome.Settlement;
import reconciler.partition.Partition;

/// What goes without an approval under a condition, where somebody writes into a set whose row a
/// run has counted already, and commits when the run is under way.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FreeSetsTest {
    private static final ParticipantRole CONTACT = new ParticipantRole("contact");
    private static final Partition CONTACTS = new Partition(CONTACT, 0, 0, 1024);
    private static final ApprovalRule RULE = new ApprovalRule.When(1, List.of("tier"));

    private Database database;
    private Orders orders;
    private ChangeQueue queue;
    private DueChanges due;

    private long counted;
    private long committedLate;
    private long queuedMeanwhile;
    private Scope scope;

    @BeforeEach
    void begin() throws SQLException {
        database = Database.open(TestPostgres.freshDatabase(), 3);
        orders = new Orders(database.dataSource());
        queue = new ChangeQueue(database.dataSource());
        due = new DueChanges(database.dataSource());
        long set = orders.set();
        counted = onlyRowOf(set);
        try (Connection other = database.dataSource().getConnection()) {
            other.setAutoCommit(false);
            // A part of a transaction has a number of its own.
            other.setSavepoint();
            var late = new Orders(new SingleConnectionDataSource(other, true));
            committedLate = late.order().setting("tier", "gold").inSet(set).queue();
            queuedMeanwhile = onlyRowOf(orders.set());
            scope = due.scopeNow(Set.of(), RULE);
            other.commit();
        }
        assertThat(scope.horizon()).isGreaterThan(committedLate);
    }

    private long onlyRowOf(long set) {
        long row = orders.order().setting("skill", "sales").inSet(set).queue();
        JdbcClient.create(database.dataSource())
                .sql("UPDATE reconciler.change_set SET rows_queued = 1 WHERE id = :set")
                .param("set", set)
                .update();
        return row;
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_row_that_is_committed_late_waits_for_an_approval() {
        assertThat(due.byRole(scope)).isEqualTo(Map.of(CONTACT, 2L));

        assertThat(ids(claim())).containsExactlyInAnyOrder(counted, queuedMeanwhile);

        assertThat(orders.state(committedLate)).isEqualTo("PENDING");
        assertThat(due.isStillDue(CONTACTS, scope)).as("the run ends").isFalse();
        assertThat(due.unapproved(scope)).isEqualTo(1);
        assertThat(due.scopeNow(Set.of(), RULE).freeSets().ids())
                .as("the set is not whole any more")
                .isEmpty();
    }

    @Test
    void a_row_that_was_put_back_goes_again_unless_its_set_is_not_whole_any_more() {
        ClaimedPage page = claim();
        queue.settle(
                page.claim(),
                page.rows().stream()
                        .map(row ->
                                Settlement.unsent(
                                        row.change(), new Disposition.Released(), Evidence.NONE))
                        .toList());

        assertThat(due.byRole(scope)).isEqualTo(Map.of(CONTACT, 1L));
        assertThat(due.lapsed(scope)).as("what the books miss").isEqualTo(2);
        assertThat(ids(claim())).containsExactly(queuedMeanwhile);
    }

    private ClaimedPage claim() {
        return queue.claim(CONTACTS, scope, null, 10);
    }

    private static List<Long> ids(ClaimedPage page) {
        return page.rows().stream().map(row -> row.change().id()).toList();
    }
}
