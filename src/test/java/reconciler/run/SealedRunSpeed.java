package reconciler.run;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import reconciler.audit.DatabaseCpu;
import reconciler.audit.SealSwitch;
import reconciler.database.Database;
import reconciler.embedded.TestPostgres;
import reconciler.patch.ApiSettings;

/// Measures what seals cost a whole run, against the simulator in a process of its own (see
/// [ThroughputSpeed]): runs with and without leaves and seals take turns. Arguments: the
/// simulator's port, participants a run (2000), rounds (9).
final class SealedRunSpeed {
    private final Database database;
    private final ApiSettings api;
    private final int participants;

    private SealedRunSpeed(Database database, ApiSettings api, int participants) {
        this.database = database;
        this.api = api;
        this.participants = participants;
    }

    static void main(String[] args) throws IOException {
        int participants = args.length > 1 ? Integer.parseInt(args[1]) : 2_000;
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 9;
        try (Database database = Database.open(TestPostgres.freshDatabase(), 10)) {
            Map<String, String> settings =
                    Map.of(
                            "RECONCILER_API_BASE_URL", "http://127.0.0.1:" + args[0],
                            "RECONCILER_API_CLIENT_ID", "demo",
                            "RECONCILER_API_CLIENT_SECRET", "demo-secret");
            new SealedRunSpeed(database, ApiSettings.of(settings::get), participants)
                    .compare(rounds);
        }
    }

    /// Of a row: by the clock, and the CPU time of our process and of the database's backends.
    private record Cost(double micros, double cpuMicros) {}

    private void compare(int rounds) throws IOException {
        var seals = new SealSwitch(database.dataSource());
        List<Cost> without = new ArrayList<>();
        List<Cost> with = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            for (boolean on : round % 2 == 0 ? List.of(false, true) : List.of(true, false)) {
                seals.turn(on);
                Cost cost = run();
                if (round > 0) {
                    (on ? with : without).add(cost);
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "whole runs of %d rows, medians of %d each: without seals %.0f rows/s and %.0f us of CPU a row, with seals %.0f rows/s and %.0f us; median of the pairs: %+.1f %% time, %+.1f %% CPU%n",
                2 * participants,
                rounds,
                1e6 / median(without.stream().map(Cost::micros).toList()),
                median(without.stream().map(Cost::cpuMicros).toList()),
                1e6 / median(with.stream().map(Cost::micros).toList()),
                median(with.stream().map(Cost::cpuMicros).toList()),
                more(with, without, Cost::micros),
                more(with, without, Cost::cpuMicros));
    }

    private Cost run() throws IOException {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        var backends = new DatabaseCpu(database.dataSource());
        long cpu = system.getProcessCpuTime() + backends.nanos();
        double requests = ThroughputSpeed.whole(database, api, participants);
        cpu = system.getProcessCpuTime() + backends.nanos() - cpu;
        return new Cost(1e6 / (2 * requests), cpu / 1e3 / (2 * participants));
    }

    private static double more(
            List<Cost> with, List<Cost> without, ToDoubleFunction<Cost> measure) {
        return median(
                IntStream.range(0, with.size())
                        .mapToObj(i ->
                                100
                                                * measure.applyAsDouble(with.get(i))
                                                / measure.applyAsDouble(without.get(i))
                                        - 100)
                        .toList());
    }

    private static double median(List<Double> numbers) {
        return numbers.stream().sorted().toList().get(numbers.size() / 2);
    }
}
