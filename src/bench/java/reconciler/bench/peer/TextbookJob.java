package reconciler.bench.peer;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.configuration.annotation.EnableBatchProcessing;
import org.springframework.batch.core.configuration.annotation.EnableJdbcJobRepository;
import org.springframework.batch.core.configuration.annotation.StepScope;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.ChunkOrientedStepBuilder;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.batch.infrastructure.item.database.JdbcBatchItemWriter;
import org.springframework.batch.infrastructure.item.database.JdbcPagingItemReader;
import org.springframework.batch.infrastructure.item.database.Order;
import org.springframework.batch.infrastructure.item.database.builder.JdbcBatchItemWriterBuilder;
import org.springframework.batch.infrastructure.item.database.builder.JdbcPagingItemReaderBuilder;
import org.springframework.batch.infrastructure.item.support.CompositeItemWriter;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.transaction.annotation.Isolation;

/// The textbook's job.
@Configuration(proxyBeanMethods = false)
@EnableBatchProcessing
@EnableJdbcJobRepository(isolationLevelForCreate = Isolation.READ_COMMITTED)
class TextbookJob {
    private static final int SMALLEST_CHUNK = 100;

    private final PeerWork work;
    private final TextbookBatch.Style style;

    TextbookJob(PeerWork work, TextbookBatch.Style style) {
        this.work = work;
        this.style = style;
    }

    record Settled(long id, String status, int httpStatus) {}

    @Bean
    DataSource dataSource() {
        return work.dataSource();
    }

    @Bean
    JdbcTransactionManager transactionManager(DataSource dataSource) {
        return new JdbcTransactionManager(dataSource);
    }

    @Bean
    Job job(JobRepository jobs, Step rows) {
        Step first =
                switch (style) {
                    case SINGLE, ASYNC -> rows;
                    case BY_ROLE -> byRole(jobs, rows);
                };
        return new JobBuilder("textbook", jobs).start(first).build();
    }

    private static Step byRole(JobRepository jobs, Step rows) {
        return new StepBuilder("byRole", jobs)
                .partitioner(
                        "rows",
                        _ ->
                                Stream.of("contact", "agent")
                                        .collect(
                                                Collectors.toMap(
                                                        role -> role, TextbookJob::context)))
                .step(rows)
                .taskExecutor(new SimpleAsyncTaskExecutor("role-"))
                .build();
    }

    private static ExecutionContext context(String role) {
        return new ExecutionContext(Map.of("role", role));
    }

    @Bean
    Step rows(
            JobRepository jobs,
            JdbcTransactionManager transactionManager,
            JdbcPagingItemReader<PeerTables.Item> reader) {
        // A chunk is what is in flight at most: at least two calls per thread.
        int chunk = style == TextbookBatch.Style.ASYNC ? 2 * work.inFlight() : SMALLEST_CHUNK;
        var step =
                new ChunkOrientedStepBuilder<PeerTables.Item, Settled>(
                                "rows", jobs, Math.max(SMALLEST_CHUNK, chunk))
                        .reader(reader)
                        .processor(processor())
                        .writer(writer())
                        .transactionManager(transactionManager);
        return style == TextbookBatch.Style.ASYNC
                ? step.taskExecutor(threads(work.inFlight())).build()
                : step.build();
    }

    @Bean
    @StepScope
    JdbcPagingItemReader<PeerTables.Item> reader(
            @Value("#{stepExecutionContext['role']}") @Nullable String role) throws Exception {
        return new JdbcPagingItemReaderBuilder<PeerTables.Item>()
                .name("items")
                .dataSource(work.dataSource())
                .selectClause(
                        "id, conversation_id, participant_id, participant_role, attribute_name,"
                                + " attribute_value")
                .fromClause("peer.item")
                .whereClause(
                        "status = 'PENDING'"
                                + (role == null ? "" : " AND participant_role = '" + role + "'"))
                .sortKeys(Map.of("id", Order.ASCENDING))
                .pageSize(1_000)
                .rowMapper(PeerTables.ITEM)
                .build();
    }

    private ItemProcessor<PeerTables.Item, Settled> processor() {
        var retry =
                new RetryTemplate(
                        RetryPolicy.builder()
                                .includes(Throttled.class)
                                .maxRetries(1_000)
                                .delay(Duration.ofSeconds(1))
                                .build());
        return item -> settled(item, retry);
    }

    private Settled settled(PeerTables.Item item, RetryTemplate retry) throws RetryException {
        PeerApi.Reply reply = retry.execute(() -> Throttled.unless(work.api().patch(item)));
        return new Settled(item.id(), PeerTables.status(reply.status()), reply.status());
    }

    private CompositeItemWriter<Settled> writer() {
        return new CompositeItemWriter<>(
                batch(PeerTables.INSERT_OUTCOME), batch(PeerTables.UPDATE_ITEM));
    }

    private JdbcBatchItemWriter<Settled> batch(String sql) {
        JdbcBatchItemWriter<Settled> writer =
                new JdbcBatchItemWriterBuilder<Settled>()
                        .dataSource(work.dataSource())
                        .sql(sql)
                        .beanMapped()
                        .build();
        writer.afterPropertiesSet();
        return writer;
    }

    private static ThreadPoolTaskExecutor threads(int number) {
        var threads = new ThreadPoolTaskExecutor();
        threads.setCorePoolSize(number);
        threads.setMaxPoolSize(number);
        threads.initialize();
        return threads;
    }
}
