package reconciler.run;

import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.step.StepExecution;

/// After a partitioned step: the canary is judged, and a run that was asked to stop shows as
/// STOPPED, not as FAILED.
final class EndOfSteps implements StepExecutionListener {
    private final RunContext run;

    EndOfSteps(RunContext run) {
        this.run = run;
    }

    @Override
    public ExitStatus afterStep(StepExecution step) {
        if (step.getStepName().equals("canary")) {
            run.failures().canaryReturned();
        }
        if (run.stop().isRaised() && !hasFailedWorker(step)) {
            step.setStatus(BatchStatus.STOPPED);
            return ExitStatus.STOPPED;
        }
        return step.getExitStatus();
    }

    private static boolean hasFailedWorker(StepExecution manager) {
        return manager.getJobExecution().getStepExecutions().stream()
                .filter(worker -> !worker.equals(manager))
                .anyMatch(worker -> worker.getStatus() == BatchStatus.FAILED);
    }
}
