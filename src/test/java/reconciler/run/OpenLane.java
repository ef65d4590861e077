package reconciler.run;

import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import reconciler.database.Database;
import reconciler.patch.ApiSettings;

/// The express lane at work on the parts of a scenario, as `serve` has it, until it is closed.
final class OpenLane implements AutoCloseable {
    private final Database database;
    private final StopSignal stop = new StopSignal();
    private final Queue<String> said = new ConcurrentLinkedQueue<>();
    private final Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
    private final Thread thread;

    private OpenLane(Scenario scenario, JobFile job) {
        database = Database.open(scenario.database.settings(), 4);
        var lane =
                new ExpressLane(
                        database.dataSource(),
                        ApiSettings.of(scenario.environment()::get),
                        new Reconciliation.Identity("here", 2, "test", UUID::randomUUID),
                        new Random(7),
                        () -> DatabaseBell.in(database));
        thread =
                Thread.ofPlatform()
                        .name("express")
                        .start(() ->
                                lane.work(
                                        job,
                                        stop,
                                        new ExpressLane.Watcher(said::add, failures::add)));
    }

    /// @param lines of its job file; `express: {}` when they do not say otherwise
    static OpenLane on(Scenario scenario, String... lines) {
        boolean isGiven = List.of(lines).stream().anyMatch(line -> line.startsWith("express:"));
        String text = Scenario.jobFile(lines) + (isGiven ? "" : "express: {}\n");
        return new OpenLane(scenario, JobFile.parse("quick.yml", text));
    }

    List<String> said() {
        return List.copyOf(said);
    }

    List<RuntimeException> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        stop.raise(ExitCode.STOPPED, "the test is over");
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        database.close();
    }
}
