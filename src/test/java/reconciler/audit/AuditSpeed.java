package reconciler.audit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import reconciler.audit.SettledPages.Cost;
import reconciler.database.Database;
import reconciler.database.DatabaseSettings;
import reconciler.database.Migrations;
import reconciler.embedded.EmbeddedDatabase;

/// Measures what seals cost where pages are claimed and settled (without any API). Blocks of pages
/// with and without leaves and seals take turns in one database, so that what else the machine does
/// meets both alike. Arguments: rows a block (4000), rounds (11), rows a chunk (200).
final class AuditSpeed {
    private final SealSwitch seals;
    private final SettledPages pages;

    private AuditSpeed(DataSource dataSource) {
        seals = new SealSwitch(dataSource);
        pages = new SettledPages(dataSource);
    }

    static void main(String[] args) throws IOException {
        int rows = args.length > 0 ? Integer.parseInt(args[0]) : 4_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 11;
        int chunk = args.length > 2 ? Integer.parseInt(args[2]) : 200;
        try (EmbeddedDatabase server = EmbeddedDatabase.start();
                Database database =
                        Database.open(new DatabaseSettings(server.url(), "postgres", ""), 3)) {
            new Migrations(database.dataSource()).apply();
            var speed = new AuditSpeed(database.dataSource());
            speed.pages.queue(2 * rows * (rounds + 1));
            speed.compare(rows, rounds, chunk);
        }
    }

    private void compare(int rows, int rounds, int chunk) throws IOException {
        long run = pages.newRun();
        List<Cost> without = new ArrayList<>();
        List<Cost> with = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            for (boolean on : round % 2 == 0 ? List.of(false, true) : List.of(true, false)) {
                seals.turn(on);
                pages.settle(run, chunk, chunk); // planned anew
                Cost cost = pages.settle(run, rows - chunk, chunk);
                if (round > 0) {
                    (on ? with : without).add(cost);
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "claim and settle, medians of %d blocks each: without seals %.1f us of the database's CPU a row and %.0f rows/s; with seals %.1f us and %.0f rows/s; median of the pairs: %+.1f %% CPU, %+.1f %% time%n",
                rounds,
                median(without.stream().map(Cost::cpuMicros).toList()),
                1e6 / median(without.stream().map(Cost::micros).toList()),
                median(with.stream().map(Cost::cpuMicros).toList()),
                1e6 / median(with.stream().map(Cost::micros).toList()),
                more(with, without, Cost::cpuMicros),
                more(with, without, Cost::micros));
    }

    private static double more(
            List<Cost> with, List<Cost> without, Function<Cost, Double> measure) {
        return median(
                                IntStream.range(0, with.size())
                                        .mapToObj(i ->
                                                measure.apply(with.get(i))
                                                        / measure.apply(without.get(i)))
                                        .toList())
                        * 100
                - 100;
    }

    private static double median(List<Double> numbers) {
        return numbers.stream().sorted().toList().get(numbers.size() / 2);
    }
}
