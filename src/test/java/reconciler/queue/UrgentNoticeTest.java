package reconciler.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import reconciler.database.Database;
import reconciler.database.DatabaseSettings;
import reconciler.embedded.TestPostgres;

/// What the queue says when something urgent is put into it.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class UrgentNoticeTest {
    private static final String MANY =
            """
            INSERT INTO reconciler.attribute_change
                   (conversation_id, participant_id, participant_role, attribute_name, attribute_value, requested_by, apply_by)
            SELECT gen_random_uuid(), gen_random_uuid(), 'contact', 'tier', 'gold', 'kim', now() + interval '1 hour'
              FROM generate_series(1, 1000)
            """;

    private Database database;
    private Orders orders;
    private Connection listening;

    @BeforeEach
    void listen() throws SQLException {
        DatabaseSettings settings = TestPostgres.freshDatabase();
        database = Database.open(settings, 2);
        orders = new Orders(database.dataSource());
        listening =
                DriverManager.getConnection(settings.url(), settings.user(), settings.password());
        try (Statement listen = listening.createStatement()) {
            listen.execute("LISTEN reconciler_urgent");
        }
    }

    @AfterEach
    void close() throws SQLException {
        listening.close();
        database.close();
    }

    @Test
    void a_change_with_an_apply_by_is_told_of_and_no_other() throws SQLException {
        orders.order().queue();
        assertThat(heard()).isEmpty();
        orders.order().applyBy(Duration.ofHours(1)).queue();
        assertThat(heard()).hasSize(1);
    }

    @Test
    void a_transaction_tells_once_however_many_rows_it_queues() throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.executeUpdate(MANY);
            statement.executeUpdate(MANY);
            connection.commit();
        }
        assertThat(heard()).hasSize(1);
    }

    /// What was said so far: it comes before the answer to a statement.
    private List<PGNotification> heard() throws SQLException {
        try (Statement statement = listening.createStatement()) {
            statement.execute("SELECT 1");
        }
        PGNotification[] all = listening.unwrap(PGConnection.class).getNotifications();
        return all == null ? List.of() : new ArrayList<>(List.of(all));
    }
}
