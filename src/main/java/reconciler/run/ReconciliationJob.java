package reconciler.run;

import java.util.List;
import javax.sql.DataSource;
import org.springframework.batch.core.configuration.annotation.EnableBatchProcessing;
import org.springframework.batch.core.configuration.annotation.EnableJdbcJobRepository;
import org.springframework.batch.core.configuration.annotation.StepScope;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.dao.JacksonExecutionContextStringSerializer;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.ChunkOrientedStepBuilder;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.annotation.Isolation;

/// The Batch job: canary, patch, reconcile.
@Configuration(proxyBeanMethods = false)
@EnableBatchProcessing
@EnableJdbcJobRepository(
        tablePrefix = "batch.batch_",
        isolationLevelForCreate = Isolation.READ_COMMITTED,
        transactionManagerRef = "repositoryTransactions",
        executionContextSerializerRef = "executionContexts")
class ReconciliationJob {
    static final String NAME = "reconcile";

    /// One page is one item, and one item is one transaction.
    private static final int PAGES_PER_CHUNK = 1;

    @Bean
    DataSource dataSource(RunContext run) {
        return run.records().dataSource();
    }

    /// Batch looks for it by this name; without it the job operator is silently not transactional.
    @Bean
    JdbcTransactionManager transactionManager(DataSource dataSource) {
        return new JdbcTransactionManager(dataSource);
    }

    @Bean
    PromptTransactions repositoryTransactions(DataSource dataSource) {
        return new PromptTransactions(dataSource);
    }

    @Bean
    JacksonExecutionContextStringSerializer executionContexts() {
        return new JacksonExecutionContextStringSerializer();
    }

    @Bean
    Job reconcile(JobRepository jobs, Step canary, Step patch, Step balance) {
        return new JobBuilder(NAME, jobs).start(canary).next(patch).next(balance).build();
    }

    @Bean
    Step canary(JobRepository jobs, RunContext run, Step worker) {
        JobFile.Canary canary = run.job().canary();
        if (canary == null) {
            return new StepBuilder("canary", jobs).tasklet((_, _) -> RepeatStatus.FINISHED).build();
        }
        return partitioned("canary", jobs, run, worker, canary.perRole());
    }

    @Bean
    Step patch(JobRepository jobs, RunContext run, Step worker) {
        return partitioned("patch", jobs, run, worker, PartitionContext.UNLIMITED);
    }

    /// On purpose without faultTolerant() and taskExecutor(): a retry of the writer would send
    /// again what was applied, and API failures are values here.
    @Bean
    Step worker(
            JobRepository jobs,
            JdbcTransactionManager transactionManager,
            ClaimReader claims,
            PatchWriter patches) {
        return new ChunkOrientedStepBuilder<SentPage, SentPage>("worker", jobs, PAGES_PER_CHUNK)
                .reader(claims)
                .writer(patches)
                .transactionManager(transactionManager)
                .interruptionPolicy(ReconciliationJob::stopWhenAsked)
                .listener((Object) claims)
                .build();
    }

    @Bean
    @StepScope
    ClaimReader claims(RunContext run, @Value("#{stepExecution}") StepExecution step) {
        return new ClaimReader(run, PartitionContext.of(step.getExecutionContext()));
    }

    @Bean
    @StepScope
    PatchWriter patches(RunContext run, @Value("#{stepExecution}") StepExecution step) {
        return new PatchWriter(run, step);
    }

    /// COMPLETED means counted.
    @Bean
    Step balance(JobRepository jobs, RunContext run) {
        return new StepBuilder("reconcile", jobs)
                .tasklet((_, _) -> {
                    List<String> errors = Books.of(run).errors();
                    if (!errors.isEmpty()) {
                        throw new BooksDoNotBalance(errors);
                    }
                    return RepeatStatus.FINISHED;
                })
                .build();
    }

    private static Step partitioned(
            String name, JobRepository jobs, RunContext run, Step worker, int limit) {
        return new StepBuilder(name, jobs)
                .partitioner(name, new RolePartitioner(run, limit))
                .step(worker)
                .taskExecutor(workers(run))
                .listener(new EndOfSteps(run))
                .build();
    }

    /// As many partitions at once as keep every call in flight while other pages are being settled.
    private static SimpleAsyncTaskExecutor workers(RunContext run) {
        int pagesInFlight = run.job().api().inFlight() / run.job().partitions().chunk();
        var workers = new SimpleAsyncTaskExecutor("partition-");
        workers.setVirtualThreads(true);
        workers.setConcurrencyLimit(Math.max(4, 3 * pagesInFlight + 4));
        return workers;
    }

    /// An interrupt alone does not end a step: pages that are under way have to be settled first.
    private static void stopWhenAsked(StepExecution step) throws JobInterruptedException {
        if (step.isTerminateOnly()) {
            throw new JobInterruptedException("asked to stop");
        }
    }
}
