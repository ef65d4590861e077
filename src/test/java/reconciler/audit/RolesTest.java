package reconciler.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.database.Database;
import reconciler.database.DatabaseSettings;
import reconciler.embedded.TestPostgres;

/// Who may do what, tried as each role.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RolesTest {
    private static final List<String> ROLES =
            List.of(
                    "reconciler_migrate",
                    "reconciler_app",
                    "reconciler_auditor",
                    "reconciler_intake",
                    "reconciler_reveal");

    private static final List<String> TABLES =
            List.of(
                    "run",
                    "run_end",
                    "attempt",
                    "outcome",
                    "outcome_key",
                    "value",
                    "event",
                    "seal");

    private static DatabaseSettings settings;
    private static Database admin;
    private static String outcomePartition;

    @BeforeAll
    static void record() {
        settings = TestPostgres.databaseWithRoles();
        admin = Database.open(settings, 2);
        try (Database app = Database.open(TestPostgres.as(settings, "reconciler_app"), 2)) {
            new Records(app.dataSource()).run(1);
        }
        outcomePartition =
                JdbcClient.create(admin.dataSource())
                        .sql("SELECT DISTINCT tableoid::regclass::text FROM audit.outcome")
                        .query(String.class)
                        .single();
    }

    @AfterAll
    static void close() {
        admin.close();
    }

    static Stream<Arguments> everyRoleAndTable() {
        return ROLES.stream()
                .flatMap(role -> TABLES.stream().map(table -> Arguments.of(role, table)));
    }

    /// `reconciler_migrate` acts as the owner: what refuses it is the triggers.
    @ParameterizedTest
    @MethodSource("everyRoleAndTable")
    void nobody_updates_deletes_or_truncates(String role, String table) {
        assertRefused(role, "DELETE FROM audit." + table);
        assertRefused(role, "TRUNCATE audit." + table + " CASCADE");
        assertRefused(role, "UPDATE audit." + table + " SET " + anyColumn(table));
    }

    static Stream<String> everyRole() {
        return ROLES.stream();
    }

    @ParameterizedTest
    @MethodSource("everyRole")
    void nobody_touches_a_partition_by_its_name(String role) {
        assertRefused(role, "TRUNCATE " + outcomePartition);
        assertRefused(role, "DELETE FROM " + outcomePartition);
        assertRefused(role, "TRUNCATE audit.outcome_default");
    }

    @ParameterizedTest
    @MethodSource("everyRole")
    void nobody_switches_triggers_off_for_a_session(String role) {
        assertRefused(role, "SET session_replication_role = replica");
    }

    @Test
    void triggers_hold_in_replica_mode_too() {
        try (Database database = Database.open(settings, 1)) {
            var jdbc = JdbcClient.create(database.dataSource());
            jdbc.sql("SET session_replication_role = replica").update();

            for (String table : TABLES) {
                assertThatThrownBy(() -> jdbc.sql("DELETE FROM audit." + table).update())
                        .rootCause()
                        .hasMessageContaining("is refused");
                assertThatThrownBy(() -> jdbc.sql("TRUNCATE audit." + table + " CASCADE").update())
                        .rootCause()
                        .hasMessageContaining("is refused");
            }
            assertThatThrownBy(() -> jdbc.sql("TRUNCATE " + outcomePartition).update())
                    .rootCause()
                    .hasMessageContaining("is refused");
        }
    }

    static Stream<Arguments> everyRoleButTheOwnersAndDefinition() {
        return ROLES.stream()
                .filter(role -> !role.equals("reconciler_migrate"))
                .flatMap(role ->
                        Stream.of(
                                        "ALTER TABLE audit.outcome DISABLE TRIGGER ALL",
                                        "ALTER TABLE audit.outcome DETACH PARTITION "
                                                + outcomePartition,
                                        "DROP TABLE " + outcomePartition,
                                        "DROP TABLE audit.seal",
                                        "DROP TRIGGER no_change ON audit.outcome",
                                        "ALTER FUNCTION audit.refuse_change() OWNER TO " + role,
                                        "CREATE OR REPLACE FUNCTION audit.refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
                                                + " 'BEGIN RETURN OLD; END'",
                                        "CREATE TABLE audit.mine (x int)",
                                        "CREATE TABLE public.mine (x int)",
                                        "SET ROLE reconciler_owner",
                                        "SELECT audit.append_seal(1, 'journal', 'event', 1, 1, '{}', '{}', '{}')",
                                        "SELECT audit.drop_month('outcome', '2020-01', 'eve', 'none')",
                                        "SELECT audit.demand_exported('2020-01')",
                                        "INSERT INTO audit.seal SELECT * FROM audit.seal",
                                        "INSERT INTO audit.outcome_key VALUES (999, 999)")
                                .map(statement -> Arguments.of(role, statement)));
    }

    @ParameterizedTest
    @MethodSource("everyRoleButTheOwnersAndDefinition")
    void only_migrations_define(String role, String statement) {
        assertRefused(role, statement);
    }

    @Test
    void what_the_owner_can_do_by_definition_is_found_afterwards() {
        DatabaseSettings other = TestPostgres.databaseWithRoles();
        try (Database app = Database.open(TestPostgres.as(other, "reconciler_app"), 2);
                Database migrate = Database.open(TestPostgres.as(other, "reconciler_migrate"), 2)) {
            var records = new Records(app.dataSource());
            records.run(1);

            JdbcClient.create(migrate.dataSource())
                    .sql("ALTER TABLE audit.outcome DETACH PARTITION " + outcomePartition)
                    .update();

            assertThat(records.verify().first().getFirst()).contains("3 were deleted");
        }
    }

    @Test
    void the_application_cannot_choose_ids_times_or_leaves() {
        assertRefused(
                "reconciler_app",
                "INSERT INTO audit.event (actor, action, object, occurred_at) VALUES ('a', 'b', 'c', now())");
        assertRefused(
                "reconciler_app",
                "INSERT INTO audit.event (actor, action, object, database_user) VALUES ('a', 'b', 'c', 'x')");
        assertRefused(
                "reconciler_app",
                """
                INSERT INTO audit.outcome (seal_id, change_id, conversation_id, participant_id, participant_role, attribute_name,
                                           requested_commit, status, attempts, in_doubt, requested_by, occurred_at)
                SELECT seal_id, 999, conversation_id, participant_id, participant_role, attribute_name, requested_commit,
                       'REJECTED', 0, false, requested_by, '2020-01-01' FROM audit.outcome LIMIT 1
                """);
    }

    @Test
    void the_application_cannot_change_what_was_asked_for() {
        assertRefused(
                "reconciler_app", "UPDATE reconciler.attribute_change SET attribute_value = 'x'");
        assertRefused("reconciler_app", "UPDATE reconciler.change_set SET requested_by = 'x'");
        assertRefused("reconciler_app", "DELETE FROM reconciler.attribute_change");
    }

    @Test
    void the_application_cannot_erase() {
        assertRefused(
                "reconciler_app",
                "SELECT audit.erase('00000000-0000-0008-0000-000000000000', 'eve', 'because')");
        assertRefused("reconciler_app", "SELECT audit.reveal(1, 'eve', 'because')");
    }

    @Test
    void intake_inserts_and_sees_nothing() {
        assertThatCode(() ->
                        execute(
                                "reconciler_intake",
                                """
                                INSERT INTO reconciler.attribute_change (conversation_id, participant_id, participant_role,
                                       attribute_name, attribute_value, requested_by)
                                VALUES (gen_random_uuid(), gen_random_uuid(), 'contact', 'a', 'b', 'kim')
                                """))
                .doesNotThrowAnyException();
        assertRefused("reconciler_intake", "SELECT * FROM reconciler.attribute_change");
        assertRefused("reconciler_intake", "SELECT * FROM audit.v_outcome");
    }

    @Test
    void the_auditor_sees_everything_but_values_and_verifies_without_them() {
        try (Database auditor = Database.open(TestPostgres.as(settings, "reconciler_auditor"), 2)) {
            var jdbc = JdbcClient.create(auditor.dataSource());

            assertThat(
                            jdbc.sql(
                                            "SELECT before_value, requested_value FROM audit.v_outcome WHERE change_id = 1")
                                    .query()
                                    .singleRow())
                    .isEqualTo(Map.of("before_value", "(masked)", "requested_value", "(masked)"));
            assertRefused("reconciler_auditor", "SELECT * FROM audit.value");
            Verification.Report report =
                    new Verification(auditor.dataSource()).verify(null, List.of());
            assertThat(report.first()).isEmpty();
            assertThat(report.outcomes()).isEqualTo(6);
            assertThat(report.valuesVerified()).isFalse();
        }
    }

    @Test
    void a_reveal_shows_the_values_and_leaves_an_event() {
        try (Database reveal = Database.open(TestPostgres.as(settings, "reconciler_reveal"), 1)) {
            assertThat(
                            JdbcClient.create(reveal.dataSource())
                                    .sql("SELECT * FROM audit.reveal(2, 'ann', 'dispute 7')")
                                    .query()
                                    .singleRow())
                    .containsEntry("before_value", "silver")
                    .containsEntry("requested_value", "gold é")
                    .containsEntry("standing_value", null);
        }
        assertThat(
                        JdbcClient.create(admin.dataSource())
                                .sql(
                                        "SELECT actor, database_user, object, reason FROM audit.event WHERE action = 'revealed'")
                                .query()
                                .singleRow())
                .isEqualTo(
                        Map.of(
                                "actor", "ann",
                                "database_user", "reconciler_reveal",
                                "object", "change 2",
                                "reason", "dispute 7"));
    }

    private static String anyColumn(String table) {
        return switch (table) {
            case "run" -> "started_by = 'eve'";
            case "run_end" -> "applied = 0";
            case "event" -> "actor = 'eve'";
            case "value" -> "requested_value = 'x'";
            case "outcome_key" -> "outcome_id = 0";
            case "seal" -> "outcomes = 0";
            default -> "http_status = 1";
        };
    }

    private static void execute(String role, String statement) {
        try (Database database = Database.open(TestPostgres.as(settings, role), 1)) {
            JdbcClient.create(database.dataSource()).sql(statement).update();
        }
    }

    private static void assertRefused(String role, String statement) {
        assertThatThrownBy(() -> execute(role, statement))
                .as(statement)
                .isInstanceOf(DataAccessException.class)
                .rootCause()
                .isInstanceOfSatisfying(
                        SQLException.class,
                        refusal -> assertThat(refusal.getSQLState()).isEqualTo("42501"));
    }
}
