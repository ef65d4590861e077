package reconciler.bench.peer;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A one-time task per row, polled by lock-and-fetch with the limits its README gives for high
/// throughput. A 429 puts the task off for `Retry-After`.
final class DbSchedulerPeer implements Peer {
    private static final String TABLE =
            """
            CREATE TABLE scheduled_tasks (
                task_name            text NOT NULL,
                task_instance        text NOT NULL,
                task_data            bytea,
                execution_time       timestamptz NOT NULL,
                picked               boolean NOT NULL,
                picked_by            text,
                last_success         timestamptz,
                last_failure         timestamptz,
                consecutive_failures int,
                last_heartbeat       timestamptz,
                version              bigint NOT NULL,
                priority             smallint,
                PRIMARY KEY (task_name, task_instance)
            );
            CREATE INDEX execution_time_idx ON scheduled_tasks (execution_time);
            CREATE INDEX last_heartbeat_idx ON scheduled_tasks (last_heartbeat);
            """;

    @Override
    public void prepare(PeerWork work) {
        JdbcClient.create(work.dataSource()).sql(TABLE).update();
        OneTimeTask<Void> task = task(work, new CountDownLatch(0));
        SchedulerClient client = SchedulerClient.Builder.create(work.dataSource(), task).build();
        Stream<TaskInstance<?>> instances =
                work.tables().ids().stream().map(id -> task.instance(Long.toString(id)));
        client.scheduleBatch(instances, Instant.now());
    }

    @Override
    public void work(PeerWork work) throws InterruptedException {
        var left = new CountDownLatch(Math.toIntExact(work.tables().pending()));
        Scheduler scheduler =
                Scheduler.create(work.dataSource(), task(work, left))
                        .threads(work.inFlight())
                        .pollUsingLockAndFetch(1.0, 4.0)
                        .pollingInterval(Duration.ofMillis(200))
                        .failureLogging(LogLevel.OFF, false)
                        .build();
        scheduler.start();
        left.await();
        scheduler.stop();
    }

    private static OneTimeTask<Void> task(PeerWork work, CountDownLatch left) {
        PeerTables tables = work.tables();
        return Tasks.oneTime("patch")
                .onFailure((complete, operations) ->
                        operations.reschedule(
                                complete,
                                Instant.now()
                                        .plus(
                                                complete.getCause()
                                                        .filter(Throttled.class::isInstance)
                                                        .map(Throttled.class::cast)
                                                        .map(Throttled::retryAfter)
                                                        .orElse(Duration.ofSeconds(1)))))
                .execute((instance, _) -> {
                    long id = Long.parseLong(instance.getId());
                    PeerApi.Reply reply = Throttled.unless(work.api().patch(tables.item(id)));
                    tables.settle(id, reply.status());
                    left.countDown();
                });
    }
}
