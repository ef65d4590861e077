package reconciler.run;

import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.launch.JobExecutionAlreadyRunningException;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;

/// Ends what Batch still believes to be running, so that its tables do not lie. Only for who holds
/// the lease: nobody carries out any of it.
record BatchRepair(JobRepository jobs, JobOperator operator) {
    /// @return what was done, in words; null when there was nothing to do
    @Nullable String mend() {
        var running = jobs.findRunningJobExecutions(ReconciliationJob.NAME);
        running.forEach(operator::recover);
        JobInstance last = jobs.getLastJobInstance(ReconciliationJob.NAME);
        String done = last == null ? null : mend(last);
        return running.isEmpty()
                ? done
                : "the execution that no process carries out any more was ended";
    }

    private @Nullable String mend(JobInstance instance) {
        JobExecution execution = jobs.getLastJobExecution(instance);
        if (execution == null) {
            // The process died between the two inserts.
            jobs.deleteJobInstance(instance);
            return "an instance that never began was deleted";
        } else if (execution.getStatus() == BatchStatus.UNKNOWN) {
            abandon(execution);
            return "an execution that ended UNKNOWN was abandoned";
        } else if (execution.getStepExecutions().stream()
                .anyMatch(step -> step.getStatus().isRunning())) {
            operator.recover(execution);
            return "steps of an execution that is over were ended";
        }
        return null;
    }

    private void abandon(JobExecution execution) {
        try {
            operator.abandon(execution);
        } catch (JobExecutionAlreadyRunningException impossible) {
            throw new IllegalStateException("status UNKNOWN and running: " + execution, impossible);
        }
    }
}
