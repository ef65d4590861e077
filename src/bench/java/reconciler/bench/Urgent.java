package reconciler.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import reconciler.bench.BenchServer.BenchDatabase;

/// Workload 6: how long an urgent change takes from its insert until it is seen to be applied, by
/// `serve` in a process of its own, while a run in another one is at work and while none is.
final class Urgent {
    private static final int TO_GET_WARM = 50;
    private static final int CHANGES = 300;
    private static final int LONGEST_GAP_MILLIS = 200;
    private static final int BETWEEN_LOOKS_MILLIS = 2;
    private static final long SEED = 6;

    private static final String QUEUE =
            """
            INSERT INTO reconciler.attribute_change
                   (conversation_id, participant_id, participant_role, attribute_name, attribute_value, requested_by, apply_by)
            VALUES (gen_random_uuid(), gen_random_uuid(), 'contact', 'routing.skill', 'billing', 'kim', now() + interval '5 min')
            RETURNING id
            """;

    private static final String STATE =
            "SELECT state FROM reconciler.attribute_change WHERE id = :id";

    private static final String WAITING =
            "SELECT count(*) FROM reconciler.attribute_change WHERE state = 'PENDING'";

    private final BenchSettings settings;
    private final BenchServer server;
    private final ProductRun product;

    Urgent(BenchSettings settings, BenchServer server, ProductRun product) {
        this.settings = settings;
        this.server = server;
        this.product = product;
    }

    /// @param millis of each change, the shortest first
    /// @param left rows that the run had still before it at the end
    private record Measurement(double[] millis, long left) {
        double at(double share) {
            return millis[(int) Math.min(millis.length - 1, Math.ceil(share * millis.length) - 1)];
        }
    }

    Section measure() throws Exception {
        List<Work> beside =
                List.of(
                        work("no run", 0, Work.UNLIMITED),
                        work("a run at full speed", settings.rowsOr(200_000), Work.UNLIMITED),
                        work("a run at 100 requests/s", settings.rowsOr(10_000), 6_000));
        List<List<String>> lines = new ArrayList<>();
        List<Map<String, Object>> figures = new ArrayList<>();
        for (Work work : beside) {
            Measurement measured = beside(work);
            lines.add(
                    List.of(
                            work.title(),
                            String.valueOf(measured.millis().length),
                            millis(measured.at(0.5)),
                            millis(measured.at(0.95)),
                            millis(measured.at(0.99)),
                            millis(measured.at(1)),
                            String.valueOf(measured.left())));
            figures.add(
                    Map.of(
                            "beside", work.title(),
                            "p50", measured.at(0.5),
                            "p99", measured.at(0.99)));
        }
        return new Section(
                "6. express lane",
                List.of(
                        "From the insert of an urgent change until it is APPLIED, in ms; "
                                + CHANGES
                                + " changes at most, one after another, up to "
                                + LONGEST_GAP_MILLIS
                                + " ms apart, after "
                                + TO_GET_WARM
                                + " to get warm; 20 ms an answer."),
                List.of(
                        "beside",
                        "changes",
                        "p50",
                        "p95",
                        "p99",
                        "longest",
                        "rows the run had left"),
                lines,
                figures,
                Map.of());
    }

    private static Work work(String title, int rows, int perMinute) {
        return new Work(
                "6", title, rows, 1, 64, List.of("--latency", "20ms"), perMinute, null, List.of());
    }

    private Measurement beside(Work work) throws Exception {
        BenchDatabase database = product.database(work.rows(), 1);
        server.settleDown(database);
        try (SimulatedApi api =
                        SimulatedApi.start(settings.home(), settings.output(), work.simulator());
                var _ = Lane.start(settings, database, api, work)) {
            var _ = changes(database, TO_GET_WARM, null);
            Measurement measured = measured(database, api, work);
            say(work, measured);
            return measured;
        } finally {
            server.drop(database);
        }
    }

    private Measurement measured(BenchDatabase database, SimulatedApi api, Work work)
            throws Exception {
        if (work.rows() == 0) {
            return new Measurement(changes(database, CHANGES, null), 0);
        }
        Map<String, String> environment =
                product.environment(database, api, new Watched(settings.output()), work);
        try (Background run =
                Background.start(
                        product.command(), environment, settings.output().resolve("run.txt"))) {
            await(database, "SELECT count(*) FROM audit.attempt", TO_GET_WARM + 500);
            return new Measurement(changes(database, CHANGES, run), database.count(WAITING));
        }
    }

    /// One after another, for as long as the run is at work.
    private static double[] changes(BenchDatabase database, int most, @Nullable Background run)
            throws InterruptedException {
        var random = new Random(SEED);
        var millis = DoubleStream.builder();
        try (var connection = new SingleConnectionDataSource(database.url(), true)) {
            JdbcClient jdbc = JdbcClient.create(connection);
            for (int i = 0; i < most && (run == null || run.isAlive()); i++) {
                TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_GAP_MILLIS));
                millis.add(oneChange(jdbc));
            }
        }
        return millis.build().sorted().toArray();
    }

    private static double oneChange(JdbcClient jdbc) throws InterruptedException {
        long before = System.nanoTime();
        long id = jdbc.sql(QUEUE).query(Long.class).single();
        while (!jdbc.sql(STATE).param("id", id).query(String.class).single().equals("APPLIED")) {
            TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
        }
        return (System.nanoTime() - before) / 1e6;
    }

    private static void await(BenchDatabase database, String count, long least)
            throws InterruptedException {
        while (database.count(count) < least) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private static void say(Work work, Measurement measured) {
        System.err.printf(
                "6, express lane beside %s: p50 %.0f ms, p99 %.0f ms, longest %.0f ms%n",
                work.title(), measured.at(0.5), measured.at(0.99), measured.at(1));
    }

    private static String millis(double millis) {
        return String.format(Locale.ROOT, "%.0f", millis);
    }
}
