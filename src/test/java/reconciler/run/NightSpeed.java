package reconciler.run;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.database.Database;
import reconciler.embedded.LivedInQueue;
import reconciler.patch.ApiSettings;

/// Measures a night of 2,000 rows, queued by SQL after the last vacuum, on an empty queue and on
/// one in its second year, in turns, on one server. The simulator must have been started with
/// `--adopt --latency 20ms`. Arguments: its port, rounds (5), settled rows (5000000).
final class NightSpeed {
    private static final String JOB = "api: {in-flight: 64, timeout: 10s}";

    private static final int ROWS = 2_000;

    private NightSpeed() {}

    static void main(String[] args) throws IOException {
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        long settled = args.length > 2 ? Long.parseLong(args[2]) : 5_000_000;
        Map<String, String> settings =
                Map.of(
                        "RECONCILER_API_BASE_URL", "http://127.0.0.1:" + args[0],
                        "RECONCILER_API_CLIENT_ID", "demo",
                        "RECONCILER_API_CLIENT_SECRET", "demo-secret");
        ApiSettings api = ApiSettings.of(settings::get);
        List<Double> empty = new ArrayList<>();
        List<Double> lived = new ArrayList<>();
        try (var queue = new LivedInQueue(EmbeddedPostgres.builder(), settled, settled / 10);
                Database fresh = Database.open(queue.emptyQueue(), 10);
                Database old = Database.open(queue.settings(), 10)) {
            JdbcClient.create(old.dataSource())
                    .sql(
                            """
                            UPDATE reconciler.attribute_change SET state = 'CANCELLED', settled_at = now() WHERE state = 'PENDING'
                            """)
                    .update();
            for (int round = 0; round <= rounds; round++) {
                double onEmpty = night(fresh, api);
                double onLived = night(old, api);
                System.out.printf(
                        "round %d%s: empty queue %.2f s, %,d settled rows %.2f s%n",
                        round, round == 0 ? " (warms up)" : "", onEmpty, settled, onLived);
                if (round > 0) {
                    empty.add(onEmpty);
                    lived.add(onLived);
                }
            }
            System.out.printf(
                    "medians: empty %.2f s, lived in %.2f s, ratio %.2f%n",
                    median(empty), median(lived), median(lived) / median(empty));
        }
    }

    /// @return seconds
    private static double night(Database database, ApiSettings api) {
        JdbcClient jdbc = JdbcClient.create(database.dataSource());
        jdbc.sql("VACUUM ANALYZE reconciler.attribute_change").update();
        jdbc.sql(
                        """
                        INSERT INTO reconciler.attribute_change (conversation_id, participant_id, participant_role, attribute_name,
                                                                 attribute_value, requested_by)
                        SELECT p.id, p.id, 'contact', 'name ' || k, 'v', 'kim'
                          FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, :participants)) AS p,
                               generate_series(1, 10) AS k
                        """)
                .param("participants", ROWS / 10)
                .update();
        var reconciliation =
                new Reconciliation(
                        database.dataSource(),
                        api,
                        new Reconciliation.Identity("here", 1, "speed", UUID::randomUUID),
                        InstantSource.system(),
                        new Random(1));
        long start = System.nanoTime();
        RunReport report = reconciliation.run(Scenario.request(JOB), new StopSignal(), _ -> {});
        if (report.exitCode() != ExitCode.OK) {
            throw new IllegalStateException(report.explanation());
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
