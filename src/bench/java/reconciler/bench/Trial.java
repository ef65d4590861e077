package reconciler.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import reconciler.bench.BenchServer.BenchDatabase;
import reconciler.bench.peer.PeerProcess;
import reconciler.bench.peer.PeerSettings;
import reconciler.bench.peer.PeerTables;
import reconciler.bench.peer.Peers;

/// One contender does one workload once, in a process and a database of its own.
final class Trial {
    private static final List<String> PEER_OPTIONS = List.of("-Xmx256m", "-XX:+UseSerialGC");

    /// For what is not measured.
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final BenchSettings settings;
    private final BenchServer server;
    private final ProductRun product;
    private final SimulatedApi api;
    private final Watched watched;

    Trial(BenchSettings settings, BenchServer server, ProductRun product, SimulatedApi api) {
        this.settings = settings;
        this.server = server;
        this.product = product;
        this.api = api;
        this.watched = new Watched(settings.output());
    }

    /// @param before is given the database when its rows are queued
    /// @param after when they are settled
    Measured runProduct(Work work, Consumer<BenchDatabase> before, Consumer<BenchDatabase> after)
            throws Exception {
        BenchDatabase database = product.database(work.rows(), work.attributes());
        before.accept(database);
        Measured measured = measured(database, ProductRun.SETTLED, () -> watchRun(database, work));
        after.accept(database);
        server.drop(database);
        return measured;
    }

    private Watched.Used watchRun(BenchDatabase database, Work work) {
        return watched.run(
                product.command(),
                product.environment(database, api, watched, work),
                settings.deadlineOf(work.rows()));
    }

    /// The lane gets its half when the run is started.
    private Measured runPair(Work work) throws Exception {
        int half = work.rows() / 2;
        BenchDatabase database = product.database(work.rows() - half, work.attributes());
        try {
            return measured(
                    database,
                    ProductRun.SETTLED,
                    () -> {
                        try (Lane lane = Lane.start(settings, database, api, work)) {
                            product.queue(database, half, work.attributes(), settings.deadline());
                            Watched.Used used = watchRun(database, work);
                            awaitSettled(database, work.rows());
                            return lane.and(used);
                        }
                    });
        } finally {
            server.drop(database);
        }
    }

    private void awaitSettled(BenchDatabase database, int rows) throws InterruptedException {
        Instant end = Instant.now().plus(settings.deadline());
        while (database.count(ProductRun.SETTLED) < rows && Instant.now().isBefore(end)) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    Measured run(Contender contender, Work work) throws Exception {
        int rows = contender.rowsOf(work);
        return switch (contender) {
            case Contender.Product _ -> runProduct(work, _ -> {}, _ -> {});
            case Contender.Pair _ -> runPair(work);
            case Contender.Other(Peers peer) -> {
                BenchDatabase database = peerDatabase(rows, work.attributes());
                PeerSettings told =
                        new PeerSettings(
                                database.url(),
                                api.url(),
                                SimulatedApi.TOKEN,
                                work.inFlight(),
                                rows / work.attributes());
                prepare(peer, told);
                Measured measured =
                        measured(
                                database,
                                "SELECT count(*) FROM peer.outcome",
                                () ->
                                        watched.run(
                                                command(peer, "work", told),
                                                PeerSettings.environment(),
                                                settings.deadline()));
                server.drop(database);
                yield peer.hasRows() ? measured : measured.ofRows(rows);
            }
        };
    }

    private void prepare(Peers peer, PeerSettings told) {
        if (!watched.run(command(peer, "prepare", told), Map.of(), PATIENCE).finished()) {
            throw new IllegalStateException(peer + " was not prepared within " + PATIENCE);
        }
    }

    private Measured measured(
            BenchDatabase database, String settled, Callable<Watched.Used> processes)
            throws Exception {
        server.settleDown(database);
        BenchServer.Usage before = server.usage(database);
        var arrivals = new Arrivals(api);
        Watched.Used used;
        try (arrivals) {
            used = processes.call();
        }
        Arrivals.Traffic traffic = arrivals.traffic();
        awaitQuiet(database);
        BenchServer.Usage spent = server.usage(database).since(before);
        long rows = database.count(settled);
        return new Measured(
                rows,
                traffic.requests(),
                traffic.refused(),
                traffic.seconds(),
                used.seconds(),
                used.cpuSeconds(),
                spent.cpuSeconds(),
                spent.commits(),
                spent.wal(),
                used.heap(),
                used.resident(),
                traffic.points());
    }

    private void awaitQuiet(BenchDatabase database) throws InterruptedException {
        while (server.isBusy(database)) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private BenchDatabase peerDatabase(int rows, int attributes) {
        BenchDatabase database = server.create(null);
        database.run(PeerTables.CREATE);
        database.jdbc()
                .sql(
                        """
                        INSERT INTO peer.item (conversation_id, participant_id, participant_role, attribute_name, attribute_value)
                        """
                                + Rows.SELECT)
                .param("participants", rows / attributes)
                .param("attributes", attributes)
                .update();
        return database;
    }

    private List<String> command(Peers peer, String mode, PeerSettings told) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(PEER_OPTIONS);
        command.add(watched.heapLog());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(PeerProcess.class.getName());
        command.add(peer.name());
        command.add(mode);
        command.addAll(told.arguments());
        return command;
    }
}
