package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.database.Database;
import reconciler.database.DatabaseSettings;
import reconciler.embedded.TestPostgres;

/// A night on a server as an administrator may have set it. No command takes a setting for a bug.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class HostileServerTest {
    private static final int BUG = 1;

    @TempDir private Path folder;
    private Desk desk;
    private JdbcClient jdbc;
    private String database;

    @BeforeEach
    void open() {
        desk = new Desk(folder);
        jdbc = JdbcClient.create(desk.database.dataSource());
        database = jdbc.sql("SELECT current_database()").query(String.class).single();
    }

    @AfterEach
    void close() {
        desk.close();
    }

    @Test
    @Timeout(120)
    void what_a_session_can_set_does_not_matter() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("statement_timeout", "'50ms'");
        settings.put("lock_timeout", "'1ms'");
        settings.put("idle_in_transaction_session_timeout", "'1s'");
        settings.put("idle_session_timeout", "'1s'");
        settings.put("default_transaction_isolation", "'serializable'");
        settings.put("default_transaction_deferrable", "on");
        settings.put("standard_conforming_strings", "off");
        settings.put("backslash_quote", "on");
        settings.put("escape_string_warning", "off");
        settings.put("transform_null_equals", "on");
        settings.put("array_nulls", "off");
        settings.put("row_security", "on");
        settings.put("client_encoding", "'LATIN1'");
        settings.put("DateStyle", "'German, DMY'");
        settings.put("IntervalStyle", "'sql_standard'");
        settings.put("TimeZone", "'Asia/Kathmandu'");
        settings.put("bytea_output", "'escape'");
        settings.put("extra_float_digits", "-15");
        settings.put("synchronous_commit", "off");
        settings.put("search_path", "evil, pg_catalog");
        settings.put("default_tablespace", "'no_such_tablespace'");
        settings.put("password_encryption", "'md5'");
        settings.put("log_statement", "'all'");
        settings.put("jit", "on");
        settings.put("jit_above_cost", "0");
        settings.put("track_activities", "off");
        settings.put("track_counts", "off");
        settings.put("temp_file_limit", "'64MB'");
        settings.put("default_table_access_method", "'heap2'");
        jdbc.sql("CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler").update();
        evilSchema();
        set(settings);

        night();
    }

    @Test
    @Timeout(120)
    void other_values_of_the_same_do_not_matter_either() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("default_transaction_isolation", "'repeatable read'");
        settings.put("row_security", "off");
        settings.put("client_encoding", "'SQL_ASCII'");
        settings.put("DateStyle", "'Postgres, MDY'");
        settings.put("IntervalStyle", "'iso_8601'");
        settings.put("TimeZone", "'Pacific/Chatham'");
        settings.put("synchronous_commit", "'local'");
        settings.put("search_path", "''");
        settings.put("plan_cache_mode", "'force_generic_plan'");
        settings.put("transaction_timeout", "'50ms'");
        set(settings);

        night();
    }

    @Test
    void a_database_set_read_only_is_named_with_the_remedy() {
        set(Map.of("default_transaction_read_only", "on"));
        String sentence = "is read only for this login (default_transaction_read_only is on)";
        String file = changes();

        for (String[] writes :
                new String[][] {
                    {"queue", file},
                    {"run", "quick"},
                    {"pause", "--all", "--reason", "tried"}
                }) {
            assertThat(desk.says(writes))
                    .as("%s", String.join(" ", writes))
                    .satisfies(said -> assertThat(said.exit()).as(said.err()).isEqualTo(78))
                    .satisfies(said -> assertThat(said.err()).contains(sentence));
        }
        assertThat(desk.says("doctor", "-o", "jsonl"))
                .satisfies(said -> assertThat(said.exit()).isEqualTo(78))
                .satisfies(said -> assertThat(said.out()).contains(sentence, "WRONG"));
        assertThat(desk.says("status", "--job", "quick").exit()).isZero();
        assertThat(desk.says("outcomes").exit()).isZero();
        assertThat(desk.says("audit", "verify").exit()).isZero();
    }

    @Test
    void a_login_whose_triggers_do_not_fire_is_refused() {
        set(Map.of("session_replication_role", "'replica'"));

        assertThat(desk.says("run", "quick"))
                .satisfies(said -> assertThat(said.exit()).isEqualTo(78))
                .satisfies(said ->
                        assertThat(said.err()).contains("session_replication_role=replica"));
    }

    @Test
    void a_database_of_another_encoding_is_refused_before_anything_is_made_in_it() {
        for (String encoding : new String[] {"SQL_ASCII", "LATIN1"}) {
            String name = database + "_" + encoding.toLowerCase(Locale.ROOT);
            jdbc.sql(
                            "CREATE DATABASE %s ENCODING '%s' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
                                    .formatted(name, encoding))
                    .update();
            desk.with(
                    "RECONCILER_DB_URL",
                    desk.settings.url().replaceFirst("/test_[0-9_]+", "/" + name));
            for (String command : new String[] {"migrate", "doctor"}) {
                Desk.Said said = desk.says(command);
                assertThat(said.exit()).isEqualTo(78);
                assertThat(said.out() + said.err())
                        .contains("has the encoding " + encoding, "ENCODING 'UTF8'");
            }
        }
    }

    @Test
    void a_login_with_few_connections_ends_with_69_or_does_its_work() {
        DatabaseSettings settings = TestPostgres.databaseWithRoles();
        try (Database admin = Database.open(settings, 1)) {
            var sql = JdbcClient.create(admin.dataSource());
            DatabaseSettings app = TestPostgres.as(settings, "reconciler_app");
            desk.with("RECONCILER_DB_URL", app.url())
                    .with("RECONCILER_DB_USER", "reconciler_app")
                    .with("RECONCILER_DB_PASSWORD", String.valueOf(app.password()));
            try {
                sql.sql("ALTER ROLE reconciler_app CONNECTION LIMIT 3").update();
                Desk.Said run = desk.says("run", "quick");
                assertThat(run.exit()).as(run.err()).isIn(0, 69);
                sql.sql("ALTER ROLE reconciler_app CONNECTION LIMIT 0").update();
                assertThat(desk.says("run", "quick"))
                        .satisfies(said -> assertThat(said.exit()).as(said.err()).isEqualTo(69))
                        .satisfies(said -> assertThat(said.err()).contains("too many connections"));
            } finally {
                sql.sql("ALTER ROLE reconciler_app CONNECTION LIMIT -1").update();
            }
        }
    }

    @Test
    void what_a_crash_or_a_log_may_do_is_told() {
        set(Map.of("log_statement", "'mod'", "synchronous_commit", "off"));

        assertThat(desk.says("doctor", "-o", "jsonl").out())
                .contains(
                        "fsync is off",
                        "log_parameter_max_length = 0",
                        "synchronous_commit is below on");
    }

    /// Everything that runs on an ordinary day.
    private void night() {
        assertThat(desk.says("migrate")).satisfies(HostileServerTest::endedWell);
        assertThat(desk.says("queue", changes(), "--by", "kim", "--reason", "für Müller"))
                .satisfies(HostileServerTest::endedWell);
        assertThat(desk.says("plan", "1", "--job", "quick"))
                .satisfies(HostileServerTest::endedWell);
        assertThat(desk.says("status", "--job", "quick")).satisfies(HostileServerTest::endedWell);
        assertThat(desk.says("run", "quick")).satisfies(HostileServerTest::endedWell);
        assertThat(desk.says("outcomes", "--run", "1", "-o", "csv").out().lines()).hasSize(21);
        assertThat(desk.says("explain", "1", "--utc")).satisfies(HostileServerTest::endedWell);
        assertThat(
                        desk.says("undo", "1", "--reason", "after all", "--job", "quick", "--yes")
                                .exit())
                .isNotEqualTo(BUG);
        assertThat(desk.says("run", "quick")).satisfies(HostileServerTest::endedWell);
        assertThat(desk.says("audit", "verify")).satisfies(HostileServerTest::endedWell);
        assertThat(
                        desk.says(
                                        "audit",
                                        "export",
                                        "--to",
                                        folder.resolve("pack.zip").toString(),
                                        "--run",
                                        "1")
                                .exit())
                .isNotEqualTo(BUG);
        assertThat(desk.says("doctor").exit()).isNotEqualTo(BUG);
        assertThat(desk.says("cancel", "1", "--reason", "too late").exit()).isNotEqualTo(BUG);
        assertThat(desk.says("redrive", "--run", "1", "--reason", "again", "--dry-run").exit())
                .isNotEqualTo(BUG);
        assertThat(jdbc.sql("SELECT count(*) FROM audit.outcome").query(Long.class).single())
                .isGreaterThanOrEqualTo(20);
    }

    private static void endedWell(Desk.Said said) {
        assertThat(said.exit()).as("%s%s", said.out(), said.err()).isZero();
    }

    /// Everything ours that is called without its schema would find these.
    private void evilSchema() {
        jdbc.sql("CREATE SCHEMA evil").update();
        jdbc.sql(
                        """
                        CREATE FUNCTION evil.set_config(text, text, boolean) RETURNS text
                        LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil'; END $$
                        """)
                .update();
        jdbc.sql(
                        """
                        CREATE FUNCTION evil.current_setting(text) RETURNS text
                        LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil'; END $$
                        """)
                .update();
        jdbc.sql(
                        """
                        CREATE FUNCTION evil.count(text) RETURNS bigint
                        LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil'; END $$
                        """)
                .update();
        jdbc.sql(
                        """
                        CREATE FUNCTION evil.same(text, text) RETURNS boolean
                        LANGUAGE plpgsql AS $$ BEGIN RAISE 'evil'; END $$
                        """)
                .update();
        jdbc.sql("CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.same)")
                .update();
    }

    private void set(Map<String, String> settings) {
        settings.forEach((name, value) -> {
            boolean isKnown =
                    jdbc.sql(
                                    "SELECT EXISTS (SELECT FROM pg_settings WHERE lower(name) = lower(:name))")
                            .param("name", name)
                            .query(Boolean.class)
                            .single();
            if (isKnown) {
                jdbc.sql("ALTER DATABASE %s SET %s = %s".formatted(database, name, value)).update();
            }
        });
    }

    private String changes() {
        var text =
                new StringBuilder(
                        "conversation_id,participant_id,participant_role,attribute_name,attribute_value\n");
        for (int i = 0; i < 20; i++) {
            var order = desk.order();
            text.append(
                    "%s,%s,contact,tier,\"ü\\%d → '\"\n"
                            .formatted(order.conversation(), order.participant(), i));
        }
        return desk.write("changes.csv", text.toString()).toString();
    }
}
