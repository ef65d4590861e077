package reconciler.run;

import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.Eventually;
import reconciler.audit.RunStart.Trigger;
import reconciler.database.Database;
import reconciler.database.DatabaseSettings;
import reconciler.embedded.TestPostgres;
import reconciler.patch.ApiSettings;
import reconciler.queue.Orders;
import reconciler.simulator.SettingsBuilder;
import reconciler.simulator.Simulator;
import reconciler.simulator.SimulatorSettings;

/// A whole run on real parts: Postgres, the simulator, the Batch job.
final class Scenario implements AutoCloseable {
    static final String QUICK =
            """
            job: quick
            rate: {per-minute: 1000000, learn: true}
            conflict: {attempts: 3, backoff: 1ms..5ms}
            unavailable: {attempts: 3, backoff: 1ms..20ms}
            before-image: off
            """;

    final Database database;
    final Orders orders;
    final JdbcClient jdbc;
    final Simulator simulator;
    private final Map<String, String> environment = new HashMap<>();

    Scenario() {
        this(settings -> settings);
    }

    Scenario(Function<SettingsBuilder, SettingsBuilder> settings) {
        this(8, Simulator.start(settings.apply(SimulatorSettings.with()).build()));
    }

    Scenario(int connections, Simulator simulator) {
        this(TestPostgres.freshDatabase(), connections, simulator);
    }

    /// @param settings of a database with the schema in it
    Scenario(DatabaseSettings settings, int connections, Simulator simulator) {
        database = Database.open(settings, connections);
        orders = new Orders(database.dataSource());
        jdbc = JdbcClient.create(database.dataSource());
        this.simulator = simulator;
        environment.putAll(
                Map.of(
                        "RECONCILER_API_BASE_URL", simulator.uri().toString(),
                        "RECONCILER_API_CLIENT_ID", "demo",
                        "RECONCILER_API_CLIENT_SECRET", "demo-secret"));
    }

    /// An API that keeps its callers waiting.
    ///
    /// @param connections the most that the runs may use
    static Scenario behind(Barrier barrier, int connections) {
        SimulatorSettings settings = SimulatorSettings.with().tokens(Set.of("token")).build();
        return new Scenario(connections, Simulator.start(settings, InstantSource.system(), barrier))
                .with("RECONCILER_API_CLIENT_ID", "")
                .with("RECONCILER_API_CLIENT_SECRET", "")
                .with("RECONCILER_API_ACCESS_TOKEN", "token");
    }

    /// The runs after this see another setting.
    Scenario with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /// What a process of its own needs in its environment for the same database and API.
    Map<String, String> environment() {
        var all = new HashMap<>(environment);
        all.put("RECONCILER_DB_URL", database.settings().url());
        all.put("RECONCILER_DB_USER", String.valueOf(database.settings().user()));
        all.put("RECONCILER_DB_PASSWORD", String.valueOf(database.settings().password()));
        return all;
    }

    /// Where its database listens.
    static InetSocketAddress address(DatabaseSettings settings) {
        String[] hostAndPort =
                settings.url().replaceFirst("jdbc:postgresql://([^/]+)/.*", "$1").split(":");
        return new InetSocketAddress(hostAndPort[0], Integer.parseInt(hostAndPort[1]));
    }

    /// Its database, through a proxy on this port.
    ///
    /// @param property of the driver, as `name=value`
    String urlThrough(int port, String property) {
        String url = urlThrough(port);
        return url + (url.contains("?") ? "&" : "?") + property;
    }

    String urlThrough(int port) {
        return database.settings().url().replaceFirst("//[^/]+/", "//127.0.0.1:" + port + "/");
    }

    /// Until the pool has connections again.
    void awaitDatabase() {
        Eventually.holds("the database answers", this::answers);
    }

    private boolean answers() {
        try {
            return count("SELECT 1") == 1;
        } catch (DataAccessException notYet) {
            return false;
        }
    }

    /// As if its holder had been dead for long enough.
    void expireTheLease() {
        jdbc.sql("UPDATE reconciler.lease SET expires_at = clock_timestamp(), token = NULL")
                .update();
    }

    /// An order for a participant that exists with this purpose.
    Orders.Order orderFor(String purpose, Map<String, String> attributes) {
        Orders.Order order = orders.order();
        exists(order.conversation(), order.participant(), purpose, attributes);
        return order.as(purpose.equals("agent") ? "agent" : "contact");
    }

    Orders.Order order() {
        return orderFor("customer", Map.of());
    }

    void exists(
            UUID conversation, UUID participant, String purpose, Map<String, String> attributes) {
        simulator
                .conversations()
                .add(conversation.toString(), participant.toString(), purpose, attributes);
    }

    String value(Orders.Order order, String attribute) {
        return simulator
                .conversations()
                .value(order.conversation().toString(), order.participant().toString(), attribute)
                .orElse("");
    }

    RunReport run(String... extraLines) {
        return run(new StopSignal(), extraLines);
    }

    RunReport run(StopSignal stop, String... extraLines) {
        return reconciliation().run(request(extraLines), stop, _ -> {});
    }

    static RunRequest request(String... extraLines) {
        return new RunRequest(
                JobFile.parse("quick.yml", jobFile(extraLines)), Trigger.MANUAL, null, "kim");
    }

    /// [#QUICK], with some lines replaced by others.
    static String jobFile(String... extraLines) {
        String text = QUICK;
        for (String line : extraLines) {
            String key = line.substring(0, line.indexOf(':') + 1);
            text =
                    text.lines()
                                    .filter(old -> !old.startsWith(key))
                                    .reduce("", (a, b) -> a + b + "\n")
                            + line
                            + "\n";
        }
        return text;
    }

    Reconciliation reconciliation() {
        return reconciliation(InstantSource.system());
    }

    Reconciliation reconciliation(InstantSource clock) {
        Function<String, @Nullable String> lookup = environment::get;
        return new Reconciliation(
                database.dataSource(),
                ApiSettings.of(lookup),
                new Reconciliation.Identity("here", 1, "test", UUID::randomUUID),
                clock,
                new Random(7));
    }

    Map<String, Object> outcome(long change) {
        return jdbc.sql("SELECT * FROM audit.v_outcome WHERE change_id = :change")
                .param("change", change)
                .query()
                .singleRow();
    }

    List<Map<String, Object>> rows(String sql) {
        return jdbc.sql(sql).query().listOfRows();
    }

    long count(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }

    /// What Batch's tables say is under way.
    List<String> stillRunning() {
        return jdbc.sql(
                        """
                        SELECT 'job ' || status FROM batch.batch_job_execution
                         WHERE status IN ('STARTING', 'STARTED', 'STOPPING')
                        UNION ALL
                        SELECT step_name || ' ' || status FROM batch.batch_step_execution
                         WHERE status IN ('STARTING', 'STARTED', 'STOPPING')
                        """)
                .query(String.class)
                .list();
    }

    @Override
    public void close() {
        simulator.close();
        database.close();
    }
}
