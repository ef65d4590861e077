package reconciler.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.database.Database;
import reconciler.database.DatabaseSettings;
import reconciler.embedded.TestPostgres;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class StatisticsAfterIntakeTest {
    @TempDir Path directory;

    @Test
    void a_large_file_leaves_statistics_behind_though_the_login_does_not_own_the_queue()
            throws IOException {
        assertThat(statisticsAfter(10_000)).isEqualTo(10_000);
    }

    @Test
    void a_small_file_is_not_worth_a_look_at_the_whole_queue() throws IOException {
        assertThat(statisticsAfter(9_999)).isNegative();
    }

    /// @return rows that the planner believes there are; negative: nobody has told it
    private double statisticsAfter(int rows) throws IOException {
        DatabaseSettings settings = TestPostgres.databaseWithRoles();
        try (Database app = Database.open(TestPostgres.as(settings, "reconciler_app"), 2);
                Database admin = Database.open(settings, 1)) {
            JdbcClient jdbc = JdbcClient.create(admin.dataSource());
            // The server's own analysis would come too, by its own clock.
            jdbc.sql("ALTER TABLE reconciler.attribute_change SET (autovacuum_enabled = off)")
                    .update();

            new Intake(app.dataSource(), InstantSource.system(), _ -> {})
                    .queue(
                            Source.file(file(rows)),
                            ChangeSetRequest.by("kim"),
                            IntakeRules.knowing(List.of()),
                            null);

            return jdbc.sql(
                            "SELECT reltuples FROM pg_class WHERE oid = 'reconciler.attribute_change'::regclass")
                    .query(Double.class)
                    .single();
        }
    }

    private Path file(int rows) throws IOException {
        String lines =
                IntStream.range(0, rows)
                        .mapToObj(
                                "00000000-0000-0000-0000-000000000001,00000000-0000-0000-0000-%012d,contact,tier,gold"
                                        ::formatted)
                        .collect(Collectors.joining("\n"));
        return Files.writeString(
                directory.resolve(rows + ".csv"),
                "conversation_id,participant_id,participant_role,attribute_name,attribute_value\n"
                        + lines);
    }
}
