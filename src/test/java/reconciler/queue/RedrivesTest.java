package reconciler.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Types;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.database.Database;
import reconciler.embedded.TestPostgres;

/// What a redrive costs where much waits; what it does, `SteeringTest` tells.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RedrivesTest {
    private static final String FILL =
            """
            INSERT INTO reconciler.attribute_change
                   (conversation_id, participant_id, participant_role, attribute_name, attribute_value, requested_by)
            SELECT gen_random_uuid(), gen_random_uuid(), 'contact', 'tier', 'gold', 'kim' FROM generate_series(1, 5000)
            """;

    @Test
    void it_finds_what_waits_for_a_participant_in_the_index_of_what_waits() {
        try (Database database = Database.open(TestPostgres.freshDatabase(), 1)) {
            var jdbc = JdbcClient.create(database.dataSource());
            jdbc.sql(FILL).update();
            jdbc.sql("ANALYZE reconciler.attribute_change").update();

            String plan =
                    jdbc
                            .sql("EXPLAIN " + Redrives.COUNT)
                            .param("statuses", new String[] {"FAILED"})
                            .param("run", 1, Types.BIGINT)
                            .param("set", null, Types.BIGINT)
                            .param("error", null, Types.VARCHAR)
                            .query(String.class)
                            .list()
                            .stream()
                            .collect(Collectors.joining("\n"));

            assertThat(plan)
                    .containsPattern(
                            "attribute_change_pending on attribute_change n.*\\n +Index Cond: \\(\\(bucket = ");
        }
    }
}
