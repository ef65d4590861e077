package reconciler.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import reconciler.database.Database;
import reconciler.database.DatabaseSettings;
import reconciler.embedded.TestPostgres;
import reconciler.queue.Orders;
import reconciler.run.Looker;
import reconciler.run.Reconciliation;
import reconciler.simulator.Simulator;
import reconciler.simulator.SimulatorSettings;

/// An operator at the command line: commands run in this process, on a real database and the
/// simulator.
final class Desk implements AutoCloseable {
    private static final String QUICK =
            """
            job: quick
            rate: {per-minute: 1000000}
            unavailable: {attempts: 2, backoff: 1ms..5ms}
            """;

    final DatabaseSettings settings = TestPostgres.freshDatabase();
    final Database database = Database.open(settings, 2);
    final Simulator simulator = Simulator.start(SimulatorSettings.defaults());
    final Orders orders = new Orders(database.dataSource());
    final Path folder;
    private final Map<String, String> environment = new HashMap<>();

    Desk(Path folder) {
        this.folder = folder;
        write("quick.yml", QUICK);
        environment.putAll(
                Map.of(
                        "RECONCILER_DB_URL", settings.url(),
                        "RECONCILER_DB_USER", String.valueOf(settings.user()),
                        "RECONCILER_API_BASE_URL", simulator.uri().toString(),
                        "RECONCILER_API_CLIENT_ID", "demo",
                        "RECONCILER_API_CLIENT_SECRET", "demo-secret",
                        "RECONCILER_JOBS_DIR", folder.toString()));
    }

    /// What a command left behind.
    record Said(int exit, String out, String err) {}

    Desk with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    String environment(String variable) {
        return String.valueOf(environment.get(variable));
    }

    Desk without(String variable) {
        environment.remove(variable);
        return this;
    }

    Path write(String name, String text) {
        return write(name, text.getBytes(StandardCharsets.UTF_8));
    }

    Path write(String name, byte[] bytes) {
        try {
            return Files.write(folder.resolve(name), bytes);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    Said says(String... command) {
        var out = new ByteArrayOutputStream();
        Said said = writes(out, command);
        return new Said(said.exit(), out.toString(StandardCharsets.UTF_8), said.err());
    }

    /// Its data goes elsewhere.
    Said writes(OutputStream out, String... command) {
        var err = new ByteArrayOutputStream();
        var terminal =
                new Terminal(
                        new StandardOutput(out),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        false);
        int exit =
                Reconciler.run(
                        new Session(Map.copyOf(environment), terminal, InstantSource.system()),
                        command);
        return new Said(exit, "", err.toString(StandardCharsets.UTF_8));
    }

    Looker looker() {
        return new Looker(new Reconciliation.Identity("here", 1, "test", UUID::randomUUID), "kim");
    }

    /// An order for a contact that exists.
    Orders.Order order() {
        Orders.Order order = orders.order();
        simulator
                .conversations()
                .add(order.conversation().toString(), order.participant().toString(), "customer");
        return order;
    }

    @Override
    public void close() {
        simulator.close();
        database.close();
    }
}
