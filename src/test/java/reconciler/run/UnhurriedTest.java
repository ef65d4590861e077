package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.database.Database;
import reconciler.embedded.TestPostgres;

/// On connections whose statements may take half a second.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class UnhurriedTest {
    private static final String SLOW = "SELECT 1 FROM pg_sleep(0.7)";

    private static Database database;
    private static JdbcClient jdbc;

    @BeforeAll
    static void open() {
        database = Database.open(TestPostgres.freshDatabase(), 1, Duration.ofMillis(500));
        jdbc = JdbcClient.create(database.dataSource());
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void counting_may_take_longer_than_any_other_statement() {
        var unhurried = new Unhurried(database.dataSource());

        assertThat(unhurried.count(() -> jdbc.sql(SLOW).query(Integer.class).single()))
                .isEqualTo(1);
    }

    @Test
    void whoever_gets_the_connection_next_has_the_usual_limits() throws SQLException {
        new Unhurried(database.dataSource()).count(() -> jdbc.sql("SELECT 1").query().singleRow());

        assertThatThrownBy(() -> jdbc.sql(SLOW).query().singleRow())
                .isInstanceOf(QueryTimeoutException.class);
        try (var connection = database.dataSource().getConnection()) {
            assertThat(connection.getNetworkTimeout()).isEqualTo(2_500);
        }
    }
}
