package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.TransientDataAccessException;
import reconciler.Eventually;
import reconciler.database.DatabaseUnusable;
import reconciler.embedded.OwnServer;
import reconciler.simulator.Simulator;
import reconciler.simulator.SimulatorSettings;

/// What happens to the database server itself, with durability on: it crashes and starts again, and
/// its disk is full. The run ends with "unreachable" or rides it out, and the next one finishes.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ServerTroubleTest {
    private static final int ROWS = 200;
    private static final String[] JOB = {
        "api: {in-flight: 16, timeout: 1s}", "partitions: {per-role: 4, chunk: 20}"
    };

    @TempDir private static Path directory;
    private static OwnServer server;

    @BeforeAll
    static void start() {
        server = OwnServer.start(directory.resolve("data"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    @Timeout(120)
    void a_server_that_crashes_and_starts_again_costs_nothing_that_was_committed() {
        try (var scenario = scenario("crash")) {
            Throwable end = runAndDisturb(scenario, server::crashAndRestart);

            assertThat(end == null || isUnreachable(end)).as("%s", end).isTrue();
            finish(scenario);
        }
    }

    @Test
    @Timeout(120)
    void a_full_disk_under_the_audit_ends_the_run_and_with_room_the_next_one_finishes()
            throws Exception {
        Path small = Files.createDirectory(directory.resolve("small"));
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", small.toString()))
                .as("only root can mount a small file system")
                .isZero();
        try (var scenario = scenario("full_disk")) {
            Path space = Files.createDirectory(small.resolve("space"));
            server.execute("CREATE TABLESPACE small LOCATION '" + space + "'");
            scenario.rows(
                            """
                            SELECT inhrelid::regclass::text AS name FROM pg_inherits
                             WHERE inhparent IN ('audit.attempt'::regclass, 'audit.outcome'::regclass)
                            """)
                    .forEach(partition ->
                            scenario.jdbc
                                    .sql(
                                            "ALTER TABLE "
                                                    + partition.get("name")
                                                    + " SET TABLESPACE small")
                                    .update());
            Path filler = fill(small);

            Throwable end = catchThrowable(() -> scenario.run(JOB));

            assertThat(isUnreachable(end)).as("%s", end).isTrue();
            assertThat(DatabaseUnusable.of(end, "here")).hasMessageContaining("No space left");
            Files.delete(filler);
            finish(scenario);
        } finally {
            server.execute("DROP DATABASE IF EXISTS full_disk WITH (FORCE)");
            server.execute("DROP TABLESPACE IF EXISTS small");
            assertThat(run("umount", small.toString())).isZero();
        }
    }

    /// Leaves a few pages.
    private static Path fill(Path fileSystem) throws IOException {
        Path filler = fileSystem.resolve("filler");
        long room = Files.getFileStore(fileSystem).getUsableSpace() - 48 * 1024;
        try (var file = new RandomAccessFile(filler.toFile(), "rw")) {
            byte[] page = new byte[4096];
            for (long written = 0; written < room; written += page.length) {
                file.write(page);
            }
        }
        return filler;
    }

    private static int run(String... command) throws Exception {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private static Scenario scenario(String database) {
        var scenario =
                new Scenario(
                        server.freshDatabase(database),
                        8,
                        Simulator.start(
                                SimulatorSettings.with().latency(Duration.ofMillis(20)).build()));
        for (int i = 0; i < ROWS; i++) {
            scenario.order().setting("tier", "v" + i).queue();
        }
        return scenario;
    }

    private static @Nullable Throwable runAndDisturb(Scenario scenario, Runnable disturbance) {
        CompletableFuture<Void> disturbed =
                CompletableFuture.runAsync(() -> {
                    Eventually.holds(
                            "a quarter was sent",
                            () -> scenario.simulator.ledger().totals().applied() >= ROWS / 4);
                    disturbance.run();
                });
        Throwable end = catchThrowable(() -> scenario.run(JOB));
        disturbed.join();
        return end;
    }

    private static boolean isUnreachable(Throwable end) {
        DatabaseUnusable unusable = DatabaseUnusable.of(end, "here");
        return unusable != null && unusable.kind() == DatabaseUnusable.Kind.UNREACHABLE;
    }

    private static void finish(Scenario scenario) {
        StopSignal patience = new StopSignal();
        RunReport report = null;
        for (int i = 0; i < 100 && report == null; i++) {
            try {
                report = scenario.run(patience, JOB);
            } catch (LeaseHeld | TransientDataAccessException notYet) {
                patience.pause(Duration.ofMillis(100));
            }
        }
        assertThat(report).as("a run after the lease expired").isNotNull();
        assertThat(report.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(
                        scenario.count(
                                "SELECT count(*) FROM reconciler.attribute_change WHERE state = 'APPLIED'"))
                .isEqualTo(ROWS);
        ThreeBooks.of(scenario).agreeAfterTrouble();
    }
}
