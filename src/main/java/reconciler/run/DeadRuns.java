package reconciler.run;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.launch.JobExecutionAlreadyRunningException;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;

/// What runs that died have left behind. Only the holder of the lease may look: nobody else is
/// running.
final class DeadRuns {
    private final RunContext.Records records;

    DeadRuns(RunContext.Records records) {
        this.records = records;
    }

    /// What was found.
    ///
    /// @param runs runs without an end
    /// @param rows rows they left IN_FLIGHT, now PENDING and in doubt
    record Found(List<Long> runs, int rows) {
        boolean isNothing() {
            return runs.isEmpty() && rows == 0;
        }

        @Nullable String inWords() {
            return isNothing()
                    ? null
                    : "found "
                            + (runs.isEmpty()
                                    ? "no run"
                                    : "run "
                                            + String.join(
                                                    ", ",
                                                    runs.stream().map(String::valueOf).toList()))
                            + " dead: "
                            + rows
                            + (rows == 1 ? " row" : " rows")
                            + " put back in doubt, to be read before anything is sent";
        }
    }

    /// Puts the rows back and gives the runs an end.
    Found bury() {
        int rows = records.queue().reclaim();
        List<Long> runs = records.trail().unfinishedRuns();
        for (long run : runs) {
            records.trail().close(run, null, "died; found by the next run", 0);
        }
        return new Found(runs, rows);
    }

    /// Ends what Batch still believes to be running, so that its tables do not lie.
    static void bury(JobRepository jobs, JobOperator operator) {
        for (JobExecution running : jobs.findRunningJobExecutions(ReconciliationJob.NAME)) {
            operator.recover(running);
        }
        JobInstance last = jobs.getLastJobInstance(ReconciliationJob.NAME);
        if (last != null) {
            bury(last, jobs, operator);
        }
    }

    private static void bury(JobInstance instance, JobRepository jobs, JobOperator operator) {
        JobExecution execution = jobs.getLastJobExecution(instance);
        if (execution == null) {
            // The process died between the two inserts.
            jobs.deleteJobInstance(instance);
        } else if (execution.getStatus() == BatchStatus.UNKNOWN) {
            abandon(execution, operator);
        } else if (execution.getStepExecutions().stream()
                .anyMatch(step -> step.getStatus().isRunning())) {
            operator.recover(execution);
        }
    }

    private static void abandon(JobExecution execution, JobOperator operator) {
        try {
            operator.abandon(execution);
        } catch (JobExecutionAlreadyRunningException impossible) {
            throw new IllegalStateException("status UNKNOWN and running: " + execution, impossible);
        }
    }
}
