package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever a dead process left in Batch's own tables, the next run starts by itself.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DeadRunsTest {
    private enum Shape {
        RUNNING(
                """
                WITH steps AS (UPDATE batch.batch_step_execution SET status = 'STARTED', end_time = NULL)
                UPDATE batch.batch_job_execution SET status = 'STARTED', end_time = NULL
                """),
        STOPPED_WITH_RUNNING_STEPS(
                """
                WITH steps AS (UPDATE batch.batch_step_execution SET status = 'STARTED', end_time = NULL)
                UPDATE batch.batch_job_execution SET status = 'STOPPED', exit_code = 'STOPPED'
                """),
        UNKNOWN(
                """
                WITH steps AS (UPDATE batch.batch_step_execution SET status = 'UNKNOWN', end_time = NULL)
                UPDATE batch.batch_job_execution SET status = 'UNKNOWN', exit_code = 'UNKNOWN'
                """),
        ORPHAN_INSTANCE(
                """
                INSERT INTO batch.batch_job_instance (job_instance_id, version, job_name, job_key)
                VALUES (nextval('batch.batch_job_instance_seq'), 0, 'reconcile', 'nobody knows')
                """);

        private final String leaveBehind;

        Shape(String leaveBehind) {
            this.leaveBehind = leaveBehind;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatever_a_dead_process_left_the_next_run_starts_by_itself(Shape shape) {
        try (var scenario = new Scenario()) {
            scenario.order().queue();
            scenario.run();
            assertThat(scenario.jdbc.sql(shape.leaveBehind).update()).isEqualTo(1);
            long next = scenario.order().queue();

            assertThat(scenario.run().exitCode()).isEqualTo(ExitCode.OK);

            assertThat(scenario.orders.state(next)).isEqualTo("APPLIED");
            assertThat(scenario.stillRunning()).isEmpty();
            assertThat(
                            scenario.count(
                                    """
                                    SELECT count(*) FROM batch.batch_job_instance i WHERE NOT EXISTS (
                                        SELECT FROM batch.batch_job_execution e WHERE e.job_instance_id = i.job_instance_id)
                                    """))
                    .isZero();
        }
    }
}
