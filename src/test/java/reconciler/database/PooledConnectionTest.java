package reconciler.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.embedded.PgBouncer;
import reconciler.embedded.TestPostgres;

/// One session behind PgBouncer, shared by three of our connections and by a stranger.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PooledConnectionTest {
    private static final Map<String, String> HOSTILE =
            Map.of(
                    "statement_timeout", "100ms",
                    "lock_timeout", "1ms",
                    "search_path", "evil",
                    "standard_conforming_strings", "off",
                    "default_transaction_isolation", "serializable",
                    "synchronous_commit", "off",
                    "bytea_output", "escape");

    @TempDir static Path directory;
    private static PgBouncer pooler;
    private static Database database;
    private static Database direct;

    @BeforeAll
    static void begin() {
        DatabaseSettings settings = TestPostgres.freshDatabase();
        direct = Database.open(settings, 1);
        var admin = JdbcClient.create(direct.dataSource());
        String name = admin.sql("SELECT current_database()").query(String.class).single();
        HOSTILE.forEach((setting, value) ->
                admin.sql("ALTER DATABASE " + name + " SET " + setting + " = '" + value + "'")
                        .update());
        pooler = PgBouncer.before(settings, 1, directory);
        database = Database.open(pooler.to(settings), 3, Duration.ofSeconds(30));
    }

    @AfterAll
    static void end() {
        if (database != null) {
            database.close();
            pooler.close();
        }
        direct.close();
    }

    @Test
    void a_pooler_is_seen_and_a_server_is_not_taken_for_one() {
        assertThat(database.server().pooled()).isTrue();
        assertThat(direct.server().pooled()).isFalse();
    }

    @Test
    void every_statement_and_every_transaction_finds_its_settings_and_leaves_none()
            throws Exception {
        var jdbc = JdbcClient.create(database.dataSource());
        var transaction =
                new TransactionTemplate(new DataSourceTransactionManager(database.dataSource()));

        assertThat(settings(jdbc)).containsAllEntriesOf(ours());
        transaction.executeWithoutResult(_ -> {
            assertThat(settings(jdbc)).containsAllEntriesOf(ours());
            jdbc.sql("SET LOCAL statement_timeout = 0").update();
            assertThat(settings(jdbc)).containsEntry("statement_timeout", "0");
        });

        try (Connection stranger = stranger()) {
            var theirs =
                    JdbcClient.create(
                            new org.springframework.jdbc.datasource.SingleConnectionDataSource(
                                    stranger, true));
            assertThat(settings(theirs)).containsAllEntriesOf(HOSTILE);
        }
    }

    @Test
    void the_isolation_of_a_transaction_is_its_own() {
        var jdbc = JdbcClient.create(database.dataSource());
        var snapshot =
                new TransactionTemplate(new DataSourceTransactionManager(database.dataSource()));
        snapshot.setIsolationLevel(Connection.TRANSACTION_REPEATABLE_READ);
        snapshot.setReadOnly(true);

        snapshot.executeWithoutResult(_ -> {
            assertThat(show(jdbc, "transaction_isolation")).isEqualTo("repeatable read");
            assertThat(show(jdbc, "transaction_read_only")).isEqualTo("on");
        });

        assertThat(show(jdbc, "transaction_isolation")).isEqualTo("read committed");
        assertThat(show(jdbc, "transaction_read_only")).isEqualTo("off");
    }

    @Test
    void a_failed_statement_leaves_the_session_to_others_and_the_connection_usable() {
        var jdbc = JdbcClient.create(database.dataSource());

        assertThatThrownBy(() -> jdbc.sql("SELECT 1 / 0").query().singleRow())
                .isInstanceOf(DataAccessException.class);

        assertThat(jdbc.sql("SELECT 1").query(Integer.class).single()).isEqualTo(1);
    }

    @Test
    void batches_cursors_copies_and_savepoints_work() throws Exception {
        try (Connection connection = database.dataSource().getConnection()) {
            try (var create = connection.createStatement()) {
                create.execute("CREATE TABLE public.number (n int)");
            }
            try (var insert = connection.prepareStatement("INSERT INTO public.number VALUES (?)")) {
                for (int i = 0; i < 100; i++) {
                    insert.setInt(1, i);
                    insert.addBatch();
                }
                assertThat(insert.executeBatch()).hasSize(100);
            }
            connection.setAutoCommit(false);
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY public.number FROM STDIN", new StringReader("100\n101\n"));
            var savepoint = connection.setSavepoint();
            try (var insert = connection.createStatement()) {
                insert.executeUpdate("INSERT INTO public.number VALUES (-1)");
            }
            connection.rollback(savepoint);
            connection.commit();
            assertThat(numbers(connection)).isEqualTo(IntStream.range(0, 102).boxed().toList());
            connection.commit();
            connection.setAutoCommit(true);
            assertThat(numbers(connection)).hasSize(102);
        }
    }

    @Test
    void one_session_serves_transactions_of_many_connections_in_turn() {
        var jdbc = JdbcClient.create(database.dataSource());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                for (int j = 0; j < 200; j++) {
                                    assertThat(show(jdbc, "lock_timeout")).isEqualTo("0");
                                }
                            }));
        }
        assertThat(threads)
                .allSatisfy(thread -> assertThat(thread.join(Duration.ofSeconds(60))).isTrue());
    }

    @Test
    void a_pooler_that_cannot_be_seen_can_be_told_of() {
        DatabaseSettings told =
                new DatabaseSettings(
                        direct.settings().url(), "postgres", "", null, Pooler.TRANSACTION);
        try (var unseen = Database.open(told, 1)) {
            assertThat(unseen.server().pooled()).isTrue();
            assertThat(settings(JdbcClient.create(unseen.dataSource())))
                    .containsEntry("search_path", "reconciler");
        }
    }

    /// Two connections give the same name to a statement each, in one session of a database of its
    /// own: what is set in it stays.
    @Test
    void a_pooler_that_was_denied_is_found_out() {
        DatabaseSettings seen = pooler.to(TestPostgres.freshDatabase());
        DatabaseSettings denied =
                new DatabaseSettings(
                        seen.url() + "&prepareThreshold=1", "postgres", "", null, Pooler.NONE);

        assertThatThrownBy(
                        () -> {
                            try (var one = Database.open(denied, 1);
                                    var other = Database.open(denied, 1)) {
                                for (int i = 0; i < 10; i++) {
                                    show(JdbcClient.create(one.dataSource()), "lock_timeout");
                                    show(JdbcClient.create(other.dataSource()), "search_path");
                                }
                            }
                        })
                .satisfies(failure ->
                        assertThat(DatabaseUnusable.of(failure, "here"))
                                .hasMessageContaining("set RECONCILER_DB_POOLER=transaction"));
    }

    private static List<Integer> numbers(Connection connection) throws SQLException {
        List<Integer> numbers = new ArrayList<>();
        try (var select = connection.prepareStatement("SELECT n FROM public.number ORDER BY n")) {
            select.setFetchSize(10);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    numbers.add(rows.getInt(1));
                }
            }
        }
        return numbers;
    }

    private static Connection stranger() throws SQLException {
        return java.sql.DriverManager.getConnection(
                database.settings().url() + "&prepareThreshold=0", "postgres", "");
    }

    private static Map<String, String> ours() {
        return Map.of(
                "statement_timeout", "30s",
                "lock_timeout", "0",
                "search_path", "reconciler",
                "standard_conforming_strings", "on",
                "default_transaction_isolation", "read committed",
                "synchronous_commit", "on",
                "bytea_output", "hex");
    }

    private static Map<String, String> settings(JdbcClient jdbc) {
        return HOSTILE.keySet().stream()
                .collect(java.util.stream.Collectors.toMap(name -> name, name -> show(jdbc, name)));
    }

    private static String show(JdbcClient jdbc, String name) {
        return jdbc.sql("SELECT current_setting(:name)")
                .param("name", name)
                .query(String.class)
                .single();
    }
}
