package reconciler.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import reconciler.bench.BenchServer.BenchDatabase;

/// `serve` with nothing but an express lane, in a process of its own until it is closed.
final class Lane implements AutoCloseable {
    private static final String LISTENS =
            """
            SELECT count(*) FROM pg_stat_activity
             WHERE datname = current_database() AND query LIKE 'LISTEN %'
            """;

    private final Background serve;

    private Lane(Background serve) {
        this.serve = serve;
    }

    /// Returns when it waits for changes.
    static Lane start(BenchSettings settings, BenchDatabase database, SimulatedApi api, Work work)
            throws IOException, InterruptedException {
        Path jobs = Files.createDirectories(settings.output().resolve("express-jobs"));
        Files.writeString(
                jobs.resolve("lane.yml"),
                """
                job: lane
                express: {}
                api: {in-flight: 16, timeout: 10s}
                rate: {per-minute: %d, learn: true}
                before-image: off
                """
                        .formatted(work.perMinute()));
        var environment = new HashMap<>(ProductRun.database(database));
        environment.putAll(
                Map.of(
                        "RECONCILER_API_BASE_URL", api.url(),
                        "RECONCILER_API_ACCESS_TOKEN", SimulatedApi.TOKEN,
                        "RECONCILER_JOBS_DIR", jobs.toString()));
        var lane =
                new Lane(
                        Background.start(
                                List.of(settings.home().resolve("reconciler").toString(), "serve"),
                                environment,
                                settings.output().resolve("serve.txt")));
        try {
            lane.awaitListening(database);
            return lane;
        } catch (InterruptedException | RuntimeException failure) {
            lane.close();
            throw failure;
        }
    }

    private void awaitListening(BenchDatabase database) throws InterruptedException {
        while (database.count(LISTENS) < 1) {
            if (!serve.isAlive()) {
                throw new IllegalStateException("serve ended: see serve.txt");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /// With what it has used so far.
    Watched.Used and(Watched.Used other) {
        return new Watched.Used(
                other.seconds(),
                other.cpuSeconds() + CpuTime.of(serve.pid()),
                other.resident() + CpuTime.peakResident(serve.pid()),
                Double.NaN,
                other.finished());
    }

    @Override
    public void close() {
        serve.close();
    }
}
