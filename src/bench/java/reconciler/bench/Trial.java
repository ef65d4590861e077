package reconciler.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
            throws InterruptedException {
        BenchDatabase database = product.database(work.rows(), work.attributes());
        before.accept(database);
        Measured measured =
                measured(
                        database,
                        product.command(),
                        product.environment(database, api, watched, work),
                        ProductRun.SETTLED,
                        settings.deadlineOf(work.rows()));
        after.accept(database);
        server.drop(database);
        return measured;
    }

    Measured run(Contender contender, Work work) throws InterruptedException {
        int rows = contender.rowsOf(work);
        return switch (contender) {
            case Contender.Product _ -> runProduct(work, _ -> {}, _ -> {});
            case Contender.Other(Peers peer) -> {
                BenchDatabase database = peerDatabase(rows, work.attributes());
                PeerSettings told =
                        new PeerSettings(
                                database.url(),
                                api.url(),
                                SimulatedApi.TOKEN,
                                work.inFlight(),
                                rows / work.attributes());
                watched.run(command(peer, "prepare", told), Map.of(), settings.deadline());
                Measured measured =
                        measured(
                                database,
                                command(peer, "work", told),
                                PeerSettings.environment(),
                                "SELECT count(*) FROM peer.outcome",
                                settings.deadline());
                server.drop(database);
                yield peer.hasRows() ? measured : measured.ofRows(rows);
            }
        };
    }

    private Measured measured(
            BenchDatabase database,
            List<String> command,
            Map<String, String> environment,
            String settled,
            Duration deadline)
            throws InterruptedException {
        server.settleDown(database);
        BenchServer.Usage before = server.usage(database);
        var arrivals = new Arrivals(api);
        Watched.Used used;
        try (arrivals) {
            used = watched.run(command, environment, deadline);
        }
        Arrivals.Traffic traffic = arrivals.traffic();
        awaitQuiet(database);
        BenchServer.Usage spent = server.usage(database).since(before);
        long rows = database.jdbc().sql(settled).query(Long.class).single();
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
