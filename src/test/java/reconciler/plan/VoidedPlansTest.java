package reconciler.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.Eventually;
import reconciler.database.Database;
import reconciler.embedded.TestPostgres;
import reconciler.queue.Orders;
import reconciler.run.Cancellations;
import reconciler.run.Steering;

/// People who decide about one set at the same time.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class VoidedPlansTest {
    private static final String SOMEBODY_WAITS =
            """
            SELECT EXISTS (SELECT FROM pg_stat_activity
                            WHERE datname = current_database() AND wait_event_type = 'Lock') AS waits
            """;

    @Test
    void a_withdrawal_beside_the_rejection_of_an_approved_set_waits_for_it_and_no_more()
            throws SQLException {
        try (Database database = Database.open(TestPostgres.freshDatabase(), 4)) {
            var jdbc = JdbcClient.create(database.dataSource());
            var orders = new Orders(database.dataSource());
            long set =
                    jdbc.sql(
                                    "INSERT INTO reconciler.change_set (requested_by, queued_login) VALUES ('kim', 'kim') RETURNING id")
                            .query(Long.class)
                            .single();
            long change = orders.order().inSet(set).queue();
            orders.approve(set, "robin");

            CompletableFuture<Cancellations.Cancelled> withdrawal;
            try (Connection rejecting = database.dataSource().getConnection();
                    Statement statement = rejecting.createStatement()) {
                rejecting.setAutoCommit(false);
                // As reject() begins.
                statement.execute(
                        "SELECT FROM reconciler.change_set WHERE id = " + set + " FOR UPDATE");
                withdrawal =
                        CompletableFuture.supplyAsync(() ->
                                new Cancellations(database.dataSource())
                                        .ofSet(set, new Steering.Order("kim", null)));
                Eventually.holds(
                        "it waits", () -> jdbc.sql(SOMEBODY_WAITS).query(Boolean.class).single());
                statement.execute("SELECT reconciler.reject(" + set + ", 'last month''s list')");
                rejecting.commit();
            }

            assertThat(withdrawal.join()).isEqualTo(new Cancellations.Cancelled(1, 0));
            assertThat(orders.state(change)).isEqualTo("CANCELLED");
            assertThat(
                            jdbc.sql("SELECT voided_because FROM reconciler.plan")
                                    .query(String.class)
                                    .list())
                    .containsExactly("the change set was rejected");
        }
    }
}
