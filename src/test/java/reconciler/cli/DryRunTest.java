package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.database.Database;
import reconciler.database.DatabaseSettings;
import reconciler.embedded.TestPostgres;
import reconciler.queue.Orders;
import reconciler.simulator.Simulator;
import reconciler.simulator.SimulatorSettings;

/// Promise 6: nothing is sent in a dry run.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DryRunTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir private Path directory;

    @Test
    void a_dry_run_sends_nothing_and_changes_nothing() throws IOException {
        Files.writeString(directory.resolve("quick.yml"), "job: quick\n");
        DatabaseSettings settings = TestPostgres.freshDatabase();
        try (Database database = Database.open(settings, 2);
                Simulator simulator = Simulator.start(SimulatorSettings.defaults())) {
            var orders = new Orders(database.dataSource());
            orders.order().queue();
            orders.order().as("agent").queue();
            List<String> before = everything(database);

            int exit = Reconciler.run(session(settings, simulator), "run", "quick", "--dry-run");

            assertThat(exit).as(err.toString(StandardCharsets.UTF_8)).isZero();
            assertThat(out.toString(StandardCharsets.UTF_8))
                    .contains("contact", "agent", "Dry run: nothing was sent. At most 4 requests");
            assertThat(simulator.ledger().totals().requests()).as("tokens included").isZero();
            assertThat(everything(database)).isEqualTo(before);
        }
    }

    private Session session(DatabaseSettings database, Simulator simulator) {
        Map<String, String> environment = new HashMap<>();
        environment.put("RECONCILER_DB_URL", database.url());
        environment.put("RECONCILER_DB_USER", String.valueOf(database.user()));
        environment.put("RECONCILER_DB_PASSWORD", String.valueOf(database.password()));
        environment.put("RECONCILER_API_BASE_URL", simulator.uri().toString());
        environment.put("RECONCILER_API_CLIENT_ID", "demo");
        environment.put("RECONCILER_API_CLIENT_SECRET", "demo-secret");
        environment.put("RECONCILER_JOBS_DIR", directory.toString());
        return new Session(
                environment,
                new Terminal(
                        new StandardOutput(out),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        false),
                InstantSource.system());
    }

    private static List<String> everything(Database database) {
        return JdbcClient.create(database.dataSource())
                .sql(
                        """
                        SELECT c::text FROM reconciler.attribute_change c
                        UNION ALL SELECT l::text FROM reconciler.lease l
                        UNION ALL SELECT r::text FROM audit.run r
                        UNION ALL SELECT o::text FROM audit.outcome o
                        ORDER BY 1
                        """)
                .query(String.class)
                .list();
    }
}
