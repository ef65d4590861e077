package reconciler.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import reconciler.bench.BenchServer.BenchDatabase;

/// Workload 5: the same work on ever longer queues, the product alone.
final class Scale {
    private static final List<Integer> SIZES = List.of(100_000, 1_000_000, 10_000_000);
    private static final double OF_THE_QUEUE = 0.1;

    private final BenchSettings settings;
    private final BenchServer server;
    private final ProductRun product;

    Scale(BenchSettings settings, BenchServer server, ProductRun product) {
        this.settings = settings;
        this.server = server;
        this.product = product;
    }

    /// @param claimsFirst milliseconds of the claims in the first tenth of the run, 99 of 100
    /// @param claimsLast of those in its last tenth
    /// @param bloat bytes of the queue's table and indexes after the run over those before it
    private record Scaled(Measured measured, double claimsFirst, double claimsLast, double bloat) {}

    Section measure() throws Exception {
        Map<Integer, Scaled> all = new LinkedHashMap<>();
        Integer rows = settings.rows();
        for (int size : rows == null ? SIZES : sizesUpTo(rows)) {
            all.put(size, scaled(size));
            System.err.printf(
                    "5, %d rows: %.0f rows/s%n", size, all.get(size).measured().rowsPerSecond());
        }
        return section(all);
    }

    private static List<Integer> sizesUpTo(int rows) {
        return Stream.concat(SIZES.stream().filter(size -> size < rows), Stream.of(rows)).toList();
    }

    private Scaled scaled(int rows) throws Exception {
        Work work =
                new Work(
                        "5",
                        "scale",
                        rows,
                        2,
                        64,
                        List.of("--latency", "0ms", "--counts-only"),
                        Work.UNLIMITED,
                        null,
                        List.of());
        try (SimulatedApi api =
                        SimulatedApi.start(
                                settings.home(),
                                settings.output(),
                                work.simulator(),
                                work.rows() / work.attributes());
                ClaimLog log = new ClaimLog(settings.output())) {
            var trial = new Trial(settings, server, product, api);
            var sizes = new ArrayList<Long>();
            Measured measured =
                    trial.runProduct(
                            work,
                            database -> {
                                log.listen(database);
                                sizes.add(size(database));
                            },
                            database -> sizes.add(size(database)));
            double[] claims = log.milliseconds();
            int tenth = Math.max(1, (int) (claims.length * OF_THE_QUEUE));
            return new Scaled(
                    measured,
                    percentile99(claims, 0, tenth),
                    percentile99(claims, claims.length - tenth, claims.length),
                    (double) sizes.getLast() / sizes.getFirst());
        }
    }

    private static long size(BenchDatabase database) {
        return database.count("SELECT pg_total_relation_size('reconciler.attribute_change')");
    }

    private static double percentile99(double[] claims, int from, int to) {
        double[] sorted =
                DoubleStream.of(claims).skip(Math.max(0, from)).limit(to - from).sorted().toArray();
        return sorted.length == 0 ? Double.NaN : sorted[(int) (0.99 * (sorted.length - 1))];
    }

    private static Section section(Map<Integer, Scaled> all) {
        var columns = new ArrayList<String>();
        var rows = new ArrayList<List<String>>();
        var figures = new ArrayList<Map<String, Object>>();
        all.forEach((size, scaled) -> {
            Measured measured = scaled.measured();
            Map<String, Double> figure = new LinkedHashMap<>();
            figure.put("rows", measured.rows());
            figure.put("rows/s", measured.rowsPerSecond());
            figure.put("live heap MB", measured.heap());
            figure.put("RSS MB", measured.resident());
            figure.put("claim p99 ms, first tenth", scaled.claimsFirst());
            figure.put("claim p99 ms, last tenth", scaled.claimsLast());
            figure.put("queue's size after/before", scaled.bloat());
            figures.add(new LinkedHashMap<>(figure));
            columns.clear();
            columns.addAll(figure.keySet());
            rows.add(
                    figure.values().stream()
                            .map(value ->
                                    String.format(
                                            Locale.ROOT, value < 1_000 ? "%.1f" : "%,.0f", value))
                            .toList());
        });
        return new Section(
                "5. scale: 0 ms an answer, 64 in flight, `-Xmx256m`",
                List.of("One run of each size."),
                columns,
                rows,
                figures,
                Map.of());
    }
}
