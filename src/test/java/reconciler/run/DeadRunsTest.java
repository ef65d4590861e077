package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reconciler.Eventually;
import reconciler.audit.Verification;

/// Whatever a dead process left in Batch's own tables, the next run starts by itself.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DeadRunsTest {
    private static final String LEAVE_OPEN =
            """
            WITH flying AS (
                UPDATE reconciler.attribute_change SET state = 'IN_FLIGHT', claim = 999 WHERE id = :change RETURNING id
            )
            INSERT INTO reconciler.intent (claim, block, run_id, change_ids, purposes, methods, paths, request_sha256)
            SELECT 999, 999, 1, ARRAY['{' || id || '}'], '{PATCH}', '{PATCH}', '{/api}', '{NULL}' FROM flying
            """;

    private enum Shape {
        RUNNING(
                """
                WITH steps AS (UPDATE batch.batch_step_execution SET status = 'STARTED', end_time = NULL)
                UPDATE batch.batch_job_execution SET status = 'STARTED', end_time = NULL
                """,
                "the execution that no process carries out any more was ended"),
        STOPPED_WITH_RUNNING_STEPS(
                """
                WITH steps AS (UPDATE batch.batch_step_execution SET status = 'STARTED', end_time = NULL)
                UPDATE batch.batch_job_execution SET status = 'STOPPED', exit_code = 'STOPPED'
                """,
                "steps of an execution that is over were ended"),
        UNKNOWN(
                """
                WITH steps AS (UPDATE batch.batch_step_execution SET status = 'UNKNOWN', end_time = NULL)
                UPDATE batch.batch_job_execution SET status = 'UNKNOWN', exit_code = 'UNKNOWN'
                """,
                "an execution that ended UNKNOWN was abandoned"),
        ORPHAN_INSTANCE(
                """
                INSERT INTO batch.batch_job_instance (job_instance_id, version, job_name, job_key)
                VALUES (nextval('batch.batch_job_instance_seq'), 0, 'reconcile', 'nobody knows')
                """,
                "an instance that never began was deleted");

        private final String leaveBehind;
        private final String repair;

        Shape(String leaveBehind, String repair) {
            this.leaveBehind = leaveBehind;
            this.repair = repair;
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

            RunReport report = scenario.run();

            assertThat(report.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(report.recovery())
                    .isEqualTo("Batch's metadata was repaired: " + shape.repair);
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

    /// The books of such a run do not balance; what may have been sent is on record before its end
    /// is, and is read by the next run.
    @Test
    void what_a_run_leaves_open_is_recorded_before_its_end() {
        var barrier = new Barrier(1);
        try (var scenario = Scenario.behind(barrier, 4)) {
            scenario.order().queue();
            long stray = scenario.order().notBefore(Duration.ofHours(1)).queue();
            CompletableFuture<RunReport> run = CompletableFuture.supplyAsync(scenario::run);
            Eventually.holds("it is at work", () -> barrier.arrived() == 1);
            scenario.jdbc.sql(LEAVE_OPEN).param("change", stray).update();
            barrier.lift();

            assertThat(run.join())
                    .satisfies(report -> {
                        assertThat(report.exitCode()).isEqualTo(ExitCode.INTEGRITY);
                        assertThat(report.explanation()).contains("1 rows still IN_FLIGHT");
                    });

            assertThat(
                            scenario.rows(
                                    "SELECT state, in_doubt FROM reconciler.attribute_change WHERE id = "
                                            + stray))
                    .containsExactly(Map.of("state", "PENDING", "in_doubt", true));
            scenario.jdbc.sql("UPDATE reconciler.attribute_change SET not_before = NULL").update();
            RunReport next = scenario.run();
            assertThat(next.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(next.recovery()).isNull();
            assertThat(
                            scenario.rows(
                                    "SELECT purpose, error_code FROM audit.v_attempt WHERE change_ids = '{"
                                            + stray
                                            + "}'"))
                    .extracting(row -> row.get("purpose") + " " + row.get("error_code"))
                    .containsExactly("PATCH run.died", "READ_BACK null", "PATCH null");
            assertThat(
                            new Verification(scenario.database.dataSource())
                                    .verify(null, List.of())
                                    .first())
                    .isEmpty();
        }
    }
}
