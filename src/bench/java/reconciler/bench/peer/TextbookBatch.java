package reconciler.bench.peer;

import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.DatabasePopulatorUtils;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/// The job of the reference documentation: a paging reader, a processor that calls the API, a
/// writer; in one of its three ways to scale.
final class TextbookBatch implements Peer {
    private final Style style;

    enum Style {
        SINGLE,
        ASYNC,
        BY_ROLE
    }

    TextbookBatch(Style style) {
        this.style = style;
    }

    @Override
    public void prepare(PeerWork work) {
        DatabasePopulatorUtils.execute(
                new ResourceDatabasePopulator(
                        new ClassPathResource(
                                "org/springframework/batch/core/schema-postgresql.sql")),
                work.dataSource());
    }

    @Override
    public void work(PeerWork work) throws Exception {
        try (var context = new AnnotationConfigApplicationContext()) {
            context.registerBean(PeerWork.class, () -> work);
            context.registerBean(Style.class, () -> style);
            context.register(TextbookJob.class);
            context.refresh();
            JobExecution execution =
                    context.getBean(JobOperator.class)
                            .start(context.getBean("job", Job.class), new JobParameters());
            if (execution.getStatus() != BatchStatus.COMPLETED) {
                throw new IllegalStateException(execution.getAllFailureExceptions().toString());
            }
        }
    }
}
