package reconciler.run;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import reconciler.audit.AuditTrail;
import reconciler.audit.Event;

/// Batch's own notes of runs that are over. Nothing reads them any more: what happened is in the
/// audit, which stays whole.
public final class BatchHistory {
    /// So many runs in one transaction.
    private static final int PORTION = 100;

    /// Batch writes its times without a zone, in that of its host. The latest instance stays,
    /// whatever its age: the next run looks at it for what a dead run left.
    private static final String OVER =
            """
            SELECT e.job_execution_id
              FROM batch.batch_job_execution e
             WHERE e.end_time < :before
               AND e.job_instance_id < (SELECT max(i.job_instance_id) FROM batch.batch_job_instance i)
             ORDER BY e.job_execution_id
             LIMIT :portion
            """;

    /// What hangs on an execution first.
    private static final List<String> FORGET =
            List.of(
                    """
                    DELETE FROM batch.batch_step_execution_context c USING batch.batch_step_execution s
                     WHERE s.job_execution_id = ANY (:executions) AND c.step_execution_id = s.step_execution_id
                    """,
                    "DELETE FROM batch.batch_step_execution WHERE job_execution_id = ANY (:executions)",
                    "DELETE FROM batch.batch_job_execution_context WHERE job_execution_id = ANY (:executions)",
                    "DELETE FROM batch.batch_job_execution_params WHERE job_execution_id = ANY (:executions)");

    private static final String FORGET_EXECUTIONS =
            """
            DELETE FROM batch.batch_job_execution WHERE job_execution_id = ANY (:executions)
            RETURNING job_instance_id
            """;

    private static final String FORGET_INSTANCES =
            """
            DELETE FROM batch.batch_job_instance i
             WHERE i.job_instance_id = ANY (:instances)
               AND NOT EXISTS (SELECT FROM batch.batch_job_execution e WHERE e.job_instance_id = i.job_instance_id)
            """;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final AuditTrail trail;
    private final InstantSource clock;

    public BatchHistory(DataSource dataSource, InstantSource clock) {
        this.jdbc = JdbcClient.create(dataSource);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        this.trail = new AuditTrail(dataSource);
        this.clock = clock;
    }

    /// Forgets runs that ended longer ago; also while another run is under way. Is an event itself,
    /// unless there was nothing to forget.
    ///
    /// @return of how many runs
    public long purge(Duration keep, String actor) {
        Instant before = clock.instant().minus(keep);
        long purged = 0;
        List<Long> portion = over(before);
        while (!portion.isEmpty()) {
            List<Long> executions = portion;
            transaction.executeWithoutResult(_ -> forget(executions));
            purged += executions.size();
            portion = over(before);
        }
        if (purged > 0) {
            trail.append(
                    new Event(
                            actor,
                            "purged",
                            "history of Spring Batch",
                            null,
                            purged + " runs that ended before " + before));
        }
        return purged;
    }

    private List<Long> over(Instant before) {
        return jdbc.sql(OVER)
                .param("before", LocalDateTime.ofInstant(before, ZoneId.systemDefault()))
                .param("portion", PORTION)
                .query((row, _) -> row.getLong("job_execution_id"))
                .list();
    }

    private void forget(List<Long> executions) {
        Long[] ids = executions.toArray(Long[]::new);
        FORGET.forEach(statement -> jdbc.sql(statement).param("executions", ids).update());
        Long[] instances =
                jdbc.sql(FORGET_EXECUTIONS)
                        .param("executions", ids)
                        .query((row, _) -> row.getLong("job_instance_id"))
                        .list()
                        .toArray(Long[]::new);
        jdbc.sql(FORGET_INSTANCES).param("instances", instances).update();
    }
}
