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
    void an_empty_database_gets_every_version_and_a_second_time_none() {
        try (Database database = Database.open(TestPostgres.emptyDatabase(), 2)) {
            var migrations = new Migrations(database.dataSource());

            assertThat(migrations.apply()).isNotEmpty().first().isEqualTo("V1 queue");
            assertThat(migrations.pending()).isEmpty();
            assertThat(migrations.apply()).isEmpty();
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
