package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/// Seen through Batch's own tables: what a run was divided into.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RolePartitionerTest {
    @Test
    void the_role_with_most_rows_gets_most_partitions() {
        try (var scenario = scenario(40, 4)) {
            scenario.run("partitions: {per-role: auto, chunk: 1}");

            assertThat(partitions(scenario))
                    .containsExactly(
                            "worker:agent-000",
                            "worker:contact-000",
                            "worker:contact-001",
                            "worker:contact-002",
                            "worker:contact-003",
                            "worker:contact-004");
        }
    }

    @Test
    void a_job_file_may_say_how_many_there_are() {
        try (var scenario = scenario(10, 10)) {
            scenario.run("partitions: {per-role: 2, chunk: 100}");

            assertThat(partitions(scenario))
                    .containsExactly(
                            "worker:agent-000",
                            "worker:agent-001",
                            "worker:contact-000",
                            "worker:contact-001");
        }
    }

    @Test
    void a_canary_is_one_partition_of_each_role_with_its_few_rows() {
        try (var scenario = scenario(30, 30)) {
            scenario.run(
                    "partitions: {per-role: 3, chunk: 2}",
                    "canary: {per-role: 5, stop-above: 50%}");

            assertThat(partitions(scenario))
                    .hasSize(8)
                    .startsWith(
                            "worker:agent-000",
                            "worker:agent-001",
                            "worker:agent-002",
                            "worker:canary-agent-000",
                            "worker:canary-contact-000");
            assertThat(
                            scenario.rows(
                                    """
                                    SELECT write_count FROM batch.batch_step_execution
                                     WHERE step_name LIKE 'worker:canary-%'
                                    """))
                    .containsExactly(Map.of("write_count", 5L), Map.of("write_count", 5L));
            assertThat(
                            scenario.count(
                                    "SELECT count(*) FROM audit.outcome WHERE status = 'APPLIED'"))
                    .isEqualTo(60);
        }
    }

    private static Scenario scenario(int contacts, int agents) {
        var scenario = new Scenario();
        for (int i = 0; i < contacts; i++) {
            scenario.order().queue();
        }
        for (int i = 0; i < agents; i++) {
            scenario.orderFor("agent", Map.of()).queue();
        }
        return scenario;
    }

    private static List<String> partitions(Scenario scenario) {
        return scenario.jdbc
                .sql(
                        """
                        SELECT step_name FROM batch.batch_step_execution
                         WHERE step_name LIKE 'worker:%' ORDER BY step_name
                        """)
                .query(String.class)
                .list();
    }
}
