package reconciler.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reconciler.database.DatabaseSettings;
import reconciler.embedded.TestPostgres;

/// Who may not do what outside the audit, tried as each role: to the queue, the sets and their
/// approval, plans, intents, pauses, the lease and the rate. Tables that `R__3_grants.sql` does not
/// name are nobody's.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class QueueRolesTest {
    private static final String REFUSED = "42501";

    private static final String TABLES =
            """
            SELECT relnamespace::regnamespace || '.' || relname FROM pg_class
             WHERE relnamespace IN ('reconciler'::regnamespace, 'batch'::regnamespace) AND relkind IN ('r', 'p')
             ORDER BY 1
            """;

    private static final String A_DECISION =
            """
            WITH queued AS (INSERT INTO reconciler.change_set (requested_by) VALUES ('kim') RETURNING id)
            INSERT INTO reconciler.approval (change_set_id, verdict, approver, requested_by, queued_login)
            SELECT id, 'rejected', 'ann', 'kim', 'kim' FROM queued
            """;

    private static final Map<String, Connection> CONNECTIONS = new HashMap<>();
    private static DatabaseSettings settings;
    private static List<String> tables;

    @BeforeAll
    static void migrate() throws SQLException {
        settings = TestPostgres.databaseWithRoles();
        tables = new ArrayList<>();
        try (Connection admin =
                        DriverManager.getConnection(
                                settings.url(), settings.user(), settings.password());
                Statement statement = admin.createStatement()) {
            statement.execute(A_DECISION);
            try (var rows = statement.executeQuery(TABLES)) {
                while (rows.next()) {
                    tables.add(rows.getString(1));
                }
            }
        }
    }

    @AfterAll
    static void close() throws SQLException {
        for (Connection connection : CONNECTIONS.values()) {
            connection.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reconciler_auditor", "reconciler_intake", "reconciler_reveal"})
    void who_does_not_run_the_job_neither_reads_nor_changes_a_table_of_it(String role) {
        assertThat(tables).hasSizeGreaterThan(14);
        for (String table : tables) {
            refuses(role, "SELECT FROM " + table);
            refuses(role, "DELETE FROM " + table);
            refuses(role, "TRUNCATE " + table);
            refuses(role, "UPDATE " + table + " SET " + anyColumn(table));
            refuses(role, "ALTER TABLE " + table + " DISABLE TRIGGER ALL");
        }
        refuses(role, "SELECT reconciler.approve(1, 1, 'fine', '1 hour')");
        refuses(role, "SELECT reconciler.reject(1, 'no')");
        refuses(role, "SELECT reconciler.void_plans(1, 'because', NULL)");
        refuses(role, "SELECT reconciler.is_approved(1, 1)");
        refuses(role, "SELECT reconciler.server_incarnation()");
        refuses(role, "SELECT reconciler.free_sets('{1}', 1, '{}')");
    }

    @Test
    void the_job_takes_away_only_what_is_its_to_take_away() {
        Set<String> passing =
                Set.of(
                        "reconciler.staged_change",
                        "reconciler.intent",
                        "reconciler.pause",
                        "reconciler.set_aside",
                        "reconciler.plan_row");
        for (String table : tables) {
            refuses("reconciler_app", "TRUNCATE " + table);
            refuses("reconciler_app", "DROP TABLE " + table);
            if (!passing.contains(table) && !table.startsWith("batch.")) {
                refuses("reconciler_app", "DELETE FROM " + table);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE reconciler.change_set SET queued_login = 'x'",
                "UPDATE reconciler.change_set SET requested_by = 'x'",
                "UPDATE reconciler.change_set SET reason = 'x'",
                "UPDATE reconciler.change_set SET source_sha256 = 'x'",
                "UPDATE reconciler.change_set SET approved_by = 'x'",
                "UPDATE reconciler.change_set SET approved_plan = 1",
                "UPDATE reconciler.change_set SET approved_sha256 = 'x'",
                "UPDATE reconciler.change_set SET approved_until = now()",
                "UPDATE reconciler.change_set SET undoes = 1",
                "UPDATE reconciler.change_set SET atomic = true",
                "INSERT INTO reconciler.change_set (requested_by, queued_login) VALUES ('kim', 'lee')",
                "INSERT INTO reconciler.change_set (requested_by, approved_by) VALUES ('kim', 'lee')",
                "INSERT INTO reconciler.approval (change_set_id, verdict, approver, requested_by) VALUES (1, 'rejected', 'a', 'b')",
                "UPDATE reconciler.approval SET approver = 'x'",
                "UPDATE reconciler.attribute_change SET requested_by = 'x'",
                "UPDATE reconciler.attribute_change SET participant_role = 'x'",
                "UPDATE reconciler.attribute_change SET change_set_id = 1",
                "UPDATE reconciler.attribute_change SET apply_by = NULL",
                "UPDATE reconciler.attribute_change SET redrives = 1",
                "UPDATE reconciler.attribute_change SET priority = 1",
                "UPDATE reconciler.change_set SET priority = 1",
                "INSERT INTO reconciler.plan (made_by_login) VALUES ('lee')",
                "INSERT INTO reconciler.plan (sha256) VALUES (repeat('0', 64))",
                "UPDATE reconciler.plan SET valid_until = now()",
                "UPDATE reconciler.plan SET voided_at = NULL",
                "UPDATE reconciler.plan SET made_by_login = 'x'",
                "UPDATE reconciler.plan_row SET change_id = 1",
                "UPDATE reconciler.intent SET run_id = 1",
                "UPDATE reconciler.pause SET paused_by = 'x'",
                "UPDATE reconciler.server_history SET doubtful_until = 0",
                "INSERT INTO reconciler.server_history (seen_at) VALUES (now())",
                "INSERT INTO reconciler.pause (paused_by, paused_at) VALUES ('x', now())",
                "UPDATE reconciler.flyway_schema_history SET success = true",
                "SELECT reconciler.approve(1, 1, 'fine', '1 hour')",
                "SELECT reconciler.reject(1, 'no')",
                "CREATE TABLE reconciler.mine (x int)",
                "CREATE FUNCTION reconciler.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                "ALTER TABLE reconciler.lease ADD COLUMN mine int",
                "SET ROLE reconciler_owner",
                "SET ROLE reconciler_approver"
            })
    void the_job_decides_nothing_that_is_not_its_own(String statement) {
        refuses("reconciler_app", statement);
    }

    /// A failover is noticed by it.
    @Test
    void the_job_knows_which_server_it_works_on() throws SQLException {
        execute(
                "reconciler_app",
                "SELECT 1 / (reconciler.server_incarnation() ~ '^\\d+/[0-9A-F]{8}$')::int");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id) OVERRIDING SYSTEM VALUE VALUES (7",
                "state) VALUES ('APPLIED'",
                "change_set_id) VALUES (1",
                "created_at) VALUES (now()",
                "attempts) VALUES (1",
                "in_doubt) VALUES (true",
                "redrives) VALUES (1"
            })
    void intake_says_what_is_wanted_and_no_more(String columnAndValue) {
        refuses(
                "reconciler_intake",
                "INSERT INTO reconciler.attribute_change (" + columnAndValue + ")");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE ROLE friend",
                "ALTER ROLE reconciler_app SUPERUSER",
                "CREATE DATABASE mine",
                "ALTER SYSTEM SET fsync = off",
                "SELECT pg_read_file('/etc/passwd')",
                "COPY reconciler.rate TO PROGRAM 'cat'",
                "SET session_replication_role = replica",
                "SET SESSION AUTHORIZATION reconciler_app",
                "SET ROLE reconciler_app",
                "DELETE FROM reconciler.approval",
                "UPDATE reconciler.approval SET approver = 'x'",
                "TRUNCATE reconciler.approval"
            })
    void who_migrates_is_no_administrator_and_takes_back_no_decision(String statement) {
        refuses("reconciler_migrate", statement);
    }

    @Test
    void what_the_auditor_reads_is_told_by_views() throws SQLException {
        for (String view :
                List.of(
                        "v_plan",
                        "v_approval",
                        "v_change_set",
                        "v_run",
                        "v_attempt",
                        "v_outcome")) {
            execute("reconciler_auditor", "SELECT * FROM audit." + view);
        }
        refuses("reconciler_auditor", "SELECT audit.reveal(1, 'ann', 'curious')");
        refuses(
                "reconciler_auditor",
                "SELECT audit.erase('00000000-0000-0008-0000-000000000000', 'ann', 'because')");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "audit.v_outcome",
                "audit.outcome",
                "audit.attempt",
                "audit.value",
                "audit.event",
                "audit.seal"
            })
    void who_reveals_sees_one_value_at_a_time(String relation) {
        refuses("reconciler_reveal", "SELECT FROM " + relation);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reconciler_owner", "reconciler_approver"})
    void nobody_logs_in_as_a_role_that_is_no_person(String role) {
        assertThatThrownBy(() -> connect(role)).hasMessageContaining("is not permitted to log in");
    }

    private static String anyColumn(String table) {
        String column =
                switch (table.substring(table.indexOf('.') + 1)) {
                    case "flyway_schema_history" -> "success";
                    case "lease", "rate" -> "name";
                    case "server_history" -> "lane";
                    case "approval" -> "remark";
                    case "pause", "set_aside" -> "reason";
                    case "intent" -> "run_id";
                    case "plan_row" -> "finding";
                    case "plan" -> "job";
                    case "staged_change", "attribute_change", "change_set" -> "requested_by";
                    case "batch_job_execution_params" -> "parameter_name";
                    case "batch_job_execution_context", "batch_step_execution_context" ->
                            "short_context";
                    default -> "version";
                };
        return column + " = NULL";
    }

    private static void refuses(String role, String statement) {
        assertThatThrownBy(() -> execute(role, statement))
                .as("%s: %s", role, statement)
                .isInstanceOfSatisfying(
                        SQLException.class,
                        refusal -> assertThat(refusal.getSQLState()).isEqualTo(REFUSED));
    }

    private static void execute(String role, String statement) throws SQLException {
        Connection connection = CONNECTIONS.get(role);
        if (connection == null) {
            connection = connect(role);
            CONNECTIONS.put(role, connection);
        }
        try (Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    private static Connection connect(String role) throws SQLException {
        DatabaseSettings as = TestPostgres.as(settings, role);
        return DriverManager.getConnection(as.url(), as.user(), as.password());
    }
}
