package reconciler.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Us and the peers side by side. What can be asked for: [BenchSettings]; what comes out: a table
/// on stdout, and `bench.md`, `bench.json` and pictures in `target/bench`.
final class Bench {
    private final BenchSettings settings;
    private final BenchServer server;
    private final ProductRun product;
    private final Report report;

    private Bench(BenchSettings settings, BenchServer server) throws IOException {
        this.settings = settings;
        this.server = server;
        product = new ProductRun(settings, server);
        report = new Report(settings.output(), new Machine(server.version()));
    }

    static void main() throws Exception {
        BenchSettings settings = BenchSettings.fromSystem();
        Files.createDirectories(settings.output());
        try (BenchServer server = BenchServer.start(settings)) {
            new Bench(settings, server).run();
        }
    }

    private void run() throws Exception {
        for (int number : settings.workloads()) {
            for (Work work : Works.of(number, settings).toList()) {
                report.add(compare(work));
            }
            if (number == 5) {
                report.add(new Scale(settings, server, product).measure());
            }
            if (number == 6) {
                report.add(new StartUp(settings, server, product).measure());
                report.add(new Urgent(settings, server, product).measure());
            }
            report.write();
        }
        System.out.println(report.markdown());
    }

    /// Rounds are interleaved: in each of them everybody runs once, one after the other.
    private Comparison compare(Work work) throws Exception {
        Map<Contender, List<Measured>> rounds = new LinkedHashMap<>();
        try (SimulatedApi api =
                SimulatedApi.start(settings.home(), settings.output(), work.simulator())) {
            var trial = new Trial(settings, server, product, api);
            for (int round = 1; round <= settings.rounds(); round++) {
                for (Contender contender : contenders(work)) {
                    Measured measured = trial.run(contender, work);
                    say(work, round, contender, measured);
                    rounds.computeIfAbsent(contender, _ -> new ArrayList<>()).add(measured);
                }
            }
        }
        Map<Contender, Measured> medians = new LinkedHashMap<>();
        rounds.forEach((contender, all) -> medians.put(contender, Measured.median(all)));
        return new Comparison(work, settings.rounds(), medians);
    }

    private List<Contender> contenders(Work work) {
        return Contender.all()
                .filter(settings::wants)
                .filter(contender -> contender.takesPartIn(work))
                .toList();
    }

    private static void say(Work work, int round, Contender contender, Measured measured) {
        System.err.printf(
                "%s, round %d, %s: %.0f rows, %.0f rows/s, %.1f s in all%n",
                work.number(),
                round,
                contender.name(),
                measured.rows(),
                measured.rowsPerSecond(),
                measured.wholeSeconds());
    }
}
