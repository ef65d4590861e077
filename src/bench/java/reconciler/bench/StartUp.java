package reconciler.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import reconciler.bench.BenchServer.BenchDatabase;

/// Workload 6: how long somebody waits for a command that has little to do.
final class StartUp {
    private static final int TIMES = 5;
    private static final Work NOTHING =
            new Work("6", "start-up", 0, 1, 64, List.of(), Work.UNLIMITED, null, List.of());

    private final BenchSettings settings;
    private final BenchServer server;
    private final ProductRun product;

    StartUp(BenchSettings settings, BenchServer server, ProductRun product) {
        this.settings = settings;
        this.server = server;
        this.product = product;
    }

    Section measure() throws Exception {
        Map<String, Double> seconds = new LinkedHashMap<>();
        BenchDatabase database = product.database(0, 1);
        try (SimulatedApi api = SimulatedApi.start(settings.home(), settings.output(), List.of())) {
            Map<String, String> environment =
                    new HashMap<>(
                            product.environment(
                                    database, api, new Watched(settings.output()), NOTHING));
            environment.remove("RECONCILER_JAVA_OPTS");
            for (List<String> command :
                    List.of(List.of("--help"), List.of("status"), List.of("run", "bench"))) {
                seconds.put(String.join(" ", command), median(command, environment));
            }
        }
        server.drop(database);
        return section(seconds);
    }

    private double median(List<String> command, Map<String, String> environment) {
        var times = new ArrayList<Double>();
        for (int time = 0; time < TIMES; time++) {
            times.add(product.call(command, environment).seconds());
        }
        return Measured.median(times.stream().mapToDouble(Double::doubleValue));
    }

    private static Section section(Map<String, Double> seconds) {
        return new Section(
                "6. start-up",
                List.of(
                        "Medians of "
                                + TIMES
                                + ", from the launcher's start to its exit; nothing is queued."),
                List.of("command", "seconds"),
                seconds.entrySet().stream()
                        .map(entry ->
                                List.of(
                                        "`reconciler " + entry.getKey() + "`",
                                        String.format(Locale.ROOT, "%.2f", entry.getValue())))
                        .toList(),
                seconds.entrySet().stream()
                        .map(entry ->
                                Map.<String, Object>of(
                                        "command", entry.getKey(), "seconds", entry.getValue()))
                        .toList(),
                Map.of());
    }
}
