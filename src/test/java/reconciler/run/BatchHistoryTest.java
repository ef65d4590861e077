package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.audit.Verification;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class BatchHistoryTest {
    private static final List<String> TABLES =
            List.of(
                    "job_instance",
                    "job_execution",
                    "job_execution_params",
                    "job_execution_context",
                    "step_execution",
                    "step_execution_context");

    @Test
    void what_is_purged_is_batchs_alone_and_the_audit_stays_whole() {
        try (var scenario = new Scenario()) {
            applyOne(scenario);
            applyOne(scenario);
            applyOne(scenario);
            age(scenario, 2);
            List<Long> before = rows(scenario);
            long outcomes = scenario.count("SELECT count(*) FROM audit.outcome");

            long purged = purge(scenario);

            assertThat(purged).isEqualTo(2);
            assertThat(rows(scenario))
                    .as("a third of %s", before)
                    .isEqualTo(before.stream().map(rows -> rows / 3).toList());
            assertThat(scenario.count("SELECT count(*) FROM audit.outcome")).isEqualTo(outcomes);
            assertThat(new Verification(scenario.database.dataSource()).verify(null, List.of()))
                    .satisfies(report -> assertThat(report.first()).isEmpty());
            assertThat(
                            scenario.rows(
                                    "SELECT actor, object, split_part(detail, ' that', 1) AS what FROM audit.v_event WHERE action = 'purged'"))
                    .singleElement()
                    .hasToString("{actor=kim, object=history of Spring Batch, what=2 runs}");
            applyOne(scenario);
        }
    }

    @Test
    void the_latest_run_stays_whatever_its_age_and_nothing_is_no_event() {
        try (var scenario = new Scenario()) {
            applyOne(scenario);
            age(scenario, 1);

            assertThat(purge(scenario)).isZero();

            assertThat(rows(scenario)).doesNotContain(0L);
            assertThat(scenario.rows("SELECT * FROM audit.v_event WHERE action = 'purged'"))
                    .isEmpty();
        }
    }

    @Test
    void nothing_is_gone_without_its_event() {
        try (var scenario = new Scenario()) {
            applyOne(scenario);
            applyOne(scenario);
            age(scenario, 1);
            List<Long> before = rows(scenario);
            scenario.jdbc
                    .sql(
                            "ALTER TABLE audit.event ADD CONSTRAINT journal_full CHECK (action <> 'purged')")
                    .update();

            assertThatThrownBy(() -> purge(scenario)).hasMessageContaining("journal_full");

            assertThat(rows(scenario)).isEqualTo(before);
        }
    }

    private static void applyOne(Scenario scenario) {
        scenario.order().queue();
        assertThat(scenario.run().exitCode()).isEqualTo(ExitCode.OK);
    }

    private static long purge(Scenario scenario) {
        return new BatchHistory(scenario.database.dataSource(), InstantSource.system())
                .purge(Duration.ofDays(90), "kim");
    }

    /// The first runs, by a hundred days.
    private static void age(Scenario scenario, int runs) {
        scenario.jdbc
                .sql(
                        """
                        UPDATE batch.batch_job_execution SET end_time = end_time - interval '100 days'
                         WHERE job_execution_id IN (SELECT job_execution_id FROM batch.batch_job_execution ORDER BY 1 LIMIT :runs)
                        """)
                .param("runs", runs)
                .update();
    }

    private static List<Long> rows(Scenario scenario) {
        return TABLES.stream()
                .map(table -> scenario.count("SELECT count(*) FROM batch.batch_" + table))
                .toList();
    }
}
