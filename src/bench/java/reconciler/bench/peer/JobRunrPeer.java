package reconciler.bench.peer;

import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.StorageProviderUtils.DatabaseOptions;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.utils.mapper.jackson3.Jackson3JsonMapper;

/// A job per row, its default retries for a 429.
final class JobRunrPeer implements Peer {
    /// The shortest that its documentation allows.
    private static final int POLL_SECONDS = 5;

    /// A row, by its id.
    public record Patch(long id) implements JobRequest {
        @Override
        public Class<Handler> getJobRequestHandler() {
            return Handler.class;
        }
    }

    /// Carries out one row.
    public static final class Handler implements JobRequestHandler<Patch> {
        private final PeerWork work;
        private final PeerTables tables;
        private final CountDownLatch left;

        Handler(PeerWork work, CountDownLatch left) {
            this.work = work;
            this.tables = work.tables();
            this.left = left;
        }

        @Override
        public void run(Patch patch) {
            PeerApi.Reply reply = Throttled.unless(work.api().patch(tables.item(patch.id())));
            tables.settle(patch.id(), reply.status());
            left.countDown();
        }
    }

    @Override
    public void prepare(PeerWork work) {
        var storage = new PostgresStorageProvider(work.dataSource(), DatabaseOptions.CREATE);
        storage.setJobMapper(new org.jobrunr.jobs.mappers.JobMapper(new Jackson3JsonMapper()));
        Stream<Patch> jobs = work.tables().ids().stream().map(Patch::new);
        new JobRequestScheduler(storage).enqueue(jobs);
    }

    @Override
    public void work(PeerWork work) throws InterruptedException {
        var left = new CountDownLatch(Math.toIntExact(work.tables().pending()));
        var handler = new Handler(work, left);
        JobRunr.configure()
                .useJsonMapper(new Jackson3JsonMapper())
                .useJobActivator(
                        new JobActivator() {
                            @Override
                            public <T> T activateJob(Class<T> type) {
                                return type.cast(handler);
                            }
                        })
                .useStorageProvider(
                        new PostgresStorageProvider(work.dataSource(), DatabaseOptions.NO_VALIDATE))
                .useBackgroundJobServer(
                        BackgroundJobServerConfiguration
                                .usingStandardBackgroundJobServerConfiguration()
                                .andWorkerCount(work.inFlight())
                                .andPollIntervalInSeconds(POLL_SECONDS))
                .initialize();
        left.await();
        JobRunr.destroy();
    }
}
