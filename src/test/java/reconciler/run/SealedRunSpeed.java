package reconciler.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import reconciler.audit.SealSwitch;
import reconciler.database.Database;
import reconciler.embedded.TestPostgres;
import reconciler.patch.ApiSettings;

/// Measures what seals cost a whole run, against the simulator in a process of its own (see
/// [ThroughputSpeed]): runs with and without leaves and seals take turns. Arguments: the
/// simulator's port, participants a run (5000), rounds (5).
final class SealedRunSpeed {
    private SealedRunSpeed() {}

    static void main(String[] args) {
        int participants = args.length > 1 ? Integer.parseInt(args[1]) : 5_000;
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 5;
        try (Database database = Database.open(TestPostgres.freshDatabase(), 10)) {
            Map<String, String> settings =
                    Map.of(
                            "RECONCILER_API_BASE_URL", "http://127.0.0.1:" + args[0],
                            "RECONCILER_API_CLIENT_ID", "demo",
                            "RECONCILER_API_CLIENT_SECRET", "demo-secret");
            ApiSettings api = ApiSettings.of(settings::get);
            var seals = new SealSwitch(database.dataSource());
            var with = new ArrayList<Double>();
            var without = new ArrayList<Double>();
            var ratios = new ArrayList<Double>();
            for (int round = 0; round <= rounds; round++) {
                double[] rate = new double[2];
                for (int on : round % 2 == 0 ? List.of(0, 1) : List.of(1, 0)) {
                    seals.turn(on == 1);
                    rate[on] = ThroughputSpeed.whole(database, api, participants);
                }
                if (round > 0) {
                    without.add(2 * rate[0]);
                    with.add(2 * rate[1]);
                    ratios.add(100 * (1 - rate[1] / rate[0]));
                }
            }
            System.out.printf(
                    Locale.ROOT,
                    "whole runs of %d rows, medians of %d each: without seals %.0f rows/s, with seals %.0f rows/s; less by %.1f %% (median of the pairs, which are %s)%n",
                    2 * participants,
                    rounds,
                    median(without),
                    median(with),
                    median(ratios),
                    ratios.stream().map(r -> String.format(Locale.ROOT, "%.1f", r)).toList());
        }
    }

    private static double median(List<Double> numbers) {
        return numbers.stream().sorted().toList().get(numbers.size() / 2);
    }
}
