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
    private static final String ARE_OVER =
            """
              FROM batch.batch_job_execution e
             WHERE e.end_time < :before
               AND e.job_instance_id < (SELECT max(i.job_instance_id) FROM batch.batch_job_instance i)
            """;

    private static final String HOW_MANY_ARE_OVER = "SELECT count(*) " + ARE_OVER;

    private static final String OVER =
            "SELECT e.job_execution_id " + ARE_OVER + " ORDER BY e.job_execution_id LIMIT :portion";

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
    /// with the first of them, unless there was nothing to forget.
    ///
    /// @return of how many runs
    public long purge(Duration keep, String actor) {
        Instant before = clock.instant().minus(keep);
        long purged = 0;
        Event event = event(before, actor);
        List<Long> portion = over(before);
        while (!portion.isEmpty()) {
            List<Long> executions = portion;
            boolean isFirst = purged == 0;
            transaction.executeWithoutResult(_ -> {
                if (isFirst) {
                    trail.append(event);
                }
                forget(executions);
            });
            purged += executions.size();
            portion = over(before);
        }
        return purged;
    }

    private Event event(Instant before, String actor) {
        long runs =
                jdbc.sql(HOW_MANY_ARE_OVER)
                        .param("before", zoneless(before))
                        .query(Long.class)
                        .single();
        return new Event(
                actor,
                "purged",
                "history of Spring Batch",
                null,
                runs + " runs that ended before " + before);
    }

    private List<Long> over(Instant before) {
        return jdbc.sql(OVER)
                .param("before", zoneless(before))
                .param("portion", PORTION)
                .query((row, _) -> row.getLong("job_execution_id"))
                .list();
    }

    private static LocalDateTime zoneless(Instant moment) {
        return LocalDateTime.ofInstant(moment, ZoneId.systemDefault());
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
