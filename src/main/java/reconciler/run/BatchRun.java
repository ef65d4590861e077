package reconciler.run;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.dao.OptimisticLockingFailureException;

/// The Batch job of one run, in an application context of its own.
final class BatchRun {
    /// UNKNOWN is what Batch calls a chunk that could not be committed.
    private static final Set<BatchStatus> BROKEN =
            EnumSet.of(BatchStatus.FAILED, BatchStatus.UNKNOWN);

    private final RunContext run;
    private @Nullable String mended;

    BatchRun(RunContext run) {
        this.run = run;
    }

    /// Runs the job to its end.
    ///
    /// @throws RuntimeException what a worker died of: a bug or a dead database
    Ending launch() {
        try (ConfigurableApplicationContext context = start()) {
            JobRepository jobs = context.getBean(JobRepository.class);
            JobOperator operator = context.getBean(JobOperator.class);
            run.lease().confirm();
            mended = new BatchRepair(jobs, operator).mend();
            JobExecution execution = operator.start(context.getBean(Job.class), parameters());
            return ending(execution);
        } catch (LeaseLost lost) {
            return Ending.of(lost);
        } catch (OptimisticLockingFailureException ended) {
            return endOf(ended);
        } catch (JobExecutionException refused) {
            throw new IllegalStateException("Batch refused to start the job", refused);
        }
    }

    /// What had to be done about Batch's own tables before; null when nothing had to be.
    @Nullable String mended() {
        return mended;
    }

    private ConfigurableApplicationContext start() {
        return new SpringApplicationBuilder(ReconciliationJob.class)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .registerShutdownHook(false)
                .initializers(context ->
                        ((GenericApplicationContext) context)
                                .registerBean("runContext", RunContext.class, () -> run))
                .run();
    }

    /// A run is never restarted as the same job instance: the state of the work is in the rows, so
    /// a new run continues it.
    private JobParameters parameters() {
        return new JobParametersBuilder()
                .addLong("run", run.run())
                .addString("job", run.job().job(), false)
                .toJobParameters();
    }

    private Ending ending(JobExecution execution) {
        StopSignal.Reason stopped = run.stop().reason();
        if (stopped != null && stopped.exitCode() == ExitCode.LOCKED) {
            return new Ending(stopped.exitCode(), stopped.message());
        }
        RuntimeException fault = fault(execution);
        if (fault instanceof BooksDoNotBalance unbalanced) {
            return new Ending(ExitCode.INTEGRITY, String.valueOf(unbalanced.getMessage()));
        }
        if (fault != null) {
            return endOf(fault);
        }
        List<String> errors =
                execution.getStatus() == BatchStatus.COMPLETED ? List.of() : Books.of(run).errors();
        if (!errors.isEmpty()) {
            return new Ending(
                    ExitCode.INTEGRITY, String.valueOf(new BooksDoNotBalance(errors).getMessage()));
        }
        return Ending.of(run.tally().total(), stopped);
    }

    /// Whoever takes over ends what Batch says is running: that is not this run's fault.
    private Ending endOf(RuntimeException fault) {
        try {
            run.lease().confirm();
        } catch (LeaseLost lost) {
            return Ending.of(lost);
        } catch (RuntimeException databaseAway) {
            fault.addSuppressed(databaseAway);
        }
        throw fault;
    }

    private static @Nullable RuntimeException fault(JobExecution execution) {
        return execution.getStepExecutions().stream()
                .filter(step -> BROKEN.contains(step.getStatus()))
                .flatMap(step -> step.getFailureExceptions().stream())
                .filter(failure -> !(failure instanceof JobExecutionException))
                .map(failure ->
                        failure instanceof RuntimeException runtime
                                ? runtime
                                : new IllegalStateException("the job failed", failure))
                .findFirst()
                .orElse(null);
    }
}
