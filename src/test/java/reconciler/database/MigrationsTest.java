package reconciler.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.embedded.TestPostgres;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MigrationsTest {

    @Test
    void an_empty_database_gets_every_migration_and_a_second_time_none() {
        try (Database database = Database.open(TestPostgres.emptyDatabase(), 2)) {
            var migrations = new Migrations(database.dataSource());

            assertThat(migrations.apply())
                    .containsExactly(
                            "V1 queue",
                            "V2 lease and rate",
                            "V3 plan and approval",
                            "V4 audit",
                            "V5 batch",
                            "R1 functions",
                            "R2 views",
                            "R3 grants");
            assertThat(migrations.pending()).isEmpty();
            assertThat(migrations.apply()).isEmpty();
        }
    }

    /// As after an upgrade that brought other functions and views: they are made again over tables
    /// that have rows and partitions.
    @Test
    void functions_and_views_that_changed_are_made_again() {
        try (Database database = Database.open(TestPostgres.freshDatabase(), 2)) {
            JdbcClient.create(database.dataSource())
                    .sql(
                            "UPDATE reconciler.flyway_schema_history SET checksum = 1 WHERE version IS NULL")
                    .update();
            var migrations = new Migrations(database.dataSource());

            assertThat(migrations.pending())
                    .containsExactly("R1 functions", "R2 views", "R3 grants");
            assertThat(migrations.apply()).containsExactly("R1 functions", "R2 views", "R3 grants");
            assertThat(migrations.pending()).isEmpty();
        }
    }

    @Test
    void a_right_that_was_given_by_hand_is_taken_by_the_next_migration() {
        DatabaseSettings settings = TestPostgres.databaseWithRoles();
        try (Database database = Database.open(settings, 2)) {
            var jdbc = JdbcClient.create(database.dataSource());
            jdbc.sql("GRANT DELETE ON reconciler.lease TO reconciler_app").update();
            jdbc.sql("REVOKE SELECT ON reconciler.lease FROM reconciler_app").update();

            try (Database migrate =
                    Database.open(TestPostgres.as(settings, "reconciler_migrate"), 2)) {
                assertThat(new Migrations(migrate.dataSource()).apply()).isEmpty();
            }

            assertThat(
                            jdbc.sql(
                                            """
                                            SELECT has_table_privilege('reconciler_app', 'reconciler.lease', 'SELECT')
                                                   AND NOT has_table_privilege('reconciler_app', 'reconciler.lease', 'DELETE')
                                            """)
                                    .query(Boolean.class)
                                    .single())
                    .isTrue();
        }
    }

    @Test
    void tables_of_another_programs_migrations_are_left_alone() {
        try (Database database = Database.open(TestPostgres.freshDatabase(), 2)) {
            JdbcClient.create(database.dataSource())
                    .sql(
                            "UPDATE reconciler.flyway_schema_history SET checksum = 1 WHERE version = '2'")
                    .update();

            assertThatThrownBy(() -> new Migrations(database.dataSource()).apply())
                    .isInstanceOf(DatabaseUnusable.class)
                    .hasMessageContaining("cannot be migrated")
                    .hasMessageContaining("version 2");
        }
    }

    @Test
    void six_columns_without_a_column_list_are_a_complete_order() {
        try (Database database = Database.open(TestPostgres.freshDatabase(), 2)) {
            var jdbc = JdbcClient.create(database.dataSource());

            jdbc.sql(
                            """
                            INSERT INTO reconciler.attribute_change
                            VALUES (gen_random_uuid(), gen_random_uuid(), 'contact', 'priority', 'high', 'kim')
                            """)
                    .update();

            assertThat(
                            jdbc.sql("SELECT state FROM reconciler.attribute_change")
                                    .query(String.class)
                                    .single())
                    .isEqualTo("PENDING");
        }
    }

    @Test
    void a_schema_that_was_never_migrated_is_told_so() {
        try (Database database = Database.open(TestPostgres.emptyDatabase(), 2)) {
            var jdbc = JdbcClient.create(database.dataSource());

            assertThatThrownBy(() ->
                            jdbc.sql("SELECT 1 FROM reconciler.attribute_change")
                                    .query()
                                    .listOfRows())
                    .satisfies(failure ->
                            assertThat(DatabaseUnusable.of(failure, "here"))
                                    .isNotNull()
                                    .hasMessageContaining("reconciler migrate"));
        }
    }
}
