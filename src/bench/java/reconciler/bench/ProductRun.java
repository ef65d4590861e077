package reconciler.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reconciler.bench.BenchServer.BenchDatabase;

/// The product through its launcher, with everything on: claims, attempts, outcomes, seals.
final class ProductRun {
    static final String SETTLED =
            "SELECT count(*) FROM reconciler.attribute_change WHERE state = 'APPLIED'";

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final BenchSettings settings;
    private final BenchServer server;
    private final Path jobs;
    private final BenchDatabase migrated;

    ProductRun(BenchSettings settings, BenchServer server) throws IOException {
        this.settings = settings;
        this.server = server;
        jobs = Files.createDirectories(settings.output().resolve("jobs"));
        // Builds what has to be built before any clock runs.
        call(List.of("--version"), Map.of());
        migrated = server.create(null);
        call(List.of("migrate"), database(migrated));
    }

    /// A fresh one with its rows queued.
    BenchDatabase database(int rows, int attributes) {
        BenchDatabase database = server.create(migrated);
        queue(database, rows, attributes, null);
        return database;
    }

    /// @param urgent how soon they have to be applied, null: any time
    void queue(BenchDatabase database, int rows, int attributes, @Nullable Duration urgent) {
        database.jdbc()
                .sql(
                        """
                        INSERT INTO reconciler.attribute_change
                               (conversation_id, participant_id, participant_role, attribute_name, attribute_value, requested_by, apply_by)
                        SELECT r.*, 'kim', now() + make_interval(secs => :seconds) FROM (
                        """
                                + Rows.SELECT
                                + ") AS r")
                .param("participants", rows / attributes)
                .param("attributes", attributes)
                .param("seconds", urgent == null ? null : urgent.toSeconds(), Types.DOUBLE)
                .update();
    }

    List<String> command() {
        return List.of(launcher(), "run", "bench");
    }

    Map<String, String> environment(
            BenchDatabase database, SimulatedApi api, Watched watched, Work work) {
        writeJob(work);
        var environment = new HashMap<>(database(database));
        environment.putAll(
                Map.of(
                        "RECONCILER_API_BASE_URL", api.url(),
                        "RECONCILER_API_ACCESS_TOKEN", SimulatedApi.TOKEN,
                        "RECONCILER_JOBS_DIR", jobs.toString(),
                        "RECONCILER_JAVA_OPTS", watched.heapLog()));
        return environment;
    }

    private void writeJob(Work work) {
        try {
            Files.writeString(
                    jobs.resolve("bench.yml"),
                    """
                    job: bench
                    api: {in-flight: %d, timeout: 10s}
                    rate: {per-minute: %d, learn: true}
                    before-image: off
                    """
                            .formatted(work.inFlight(), work.perMinute()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static Map<String, String> database(BenchDatabase database) {
        return Map.of("RECONCILER_DB_URL", database.url());
    }

    /// A command that is not measured, or whose time is all that counts.
    Watched.Used call(List<String> arguments, Map<String, String> environment) {
        var command = new ArrayList<>(List.of(launcher()));
        command.addAll(arguments);
        return new Watched(settings.output()).run(command, environment, PATIENCE);
    }

    private String launcher() {
        return settings.home().resolve("reconciler").toString();
    }
}
