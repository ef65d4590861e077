package reconciler.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import reconciler.Eventually;
import reconciler.Seed;

/// How long nobody works after a `kill -9`, with the call time-out that job files have when they do
/// not say: from the kill to the first request of the next run, which is started at once and waits
/// for the lease. Argument: rounds (5).
final class TakeOverRun {
    private static final String[] JOB = {"api: {in-flight: 16}", "partitions: {per-role: 2}"};

    private TakeOverRun() {}

    static void main(String[] args) throws IOException {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        Seed seed = Seed.of(TakeOverRun.class);
        Path directory = Files.createTempDirectory("take-over");
        long[] millis = new long[rounds];
        for (int round = 0; round < rounds; round++) {
            millis[round] = round(directory, 20 + seed.random().nextInt(200));
            System.out.printf("round %d: %.1f s%n", round + 1, millis[round] / 1e3);
        }
        Arrays.sort(millis);
        System.out.printf(
                "seed %d: %d kills, from kill -9 to the next run's first request: median %.1f s, longest %.1f s%n",
                seed.value(), rounds, millis[rounds / 2] / 1e3, millis[rounds - 1] / 1e3);
    }

    /// @param requests after so many the run is killed
    private static long round(Path directory, int requests) {
        try (var scenario = new Scenario(settings -> settings.latency(Duration.ofMillis(50)))) {
            for (int row = 0; row < 1_000; row++) {
                scenario.order().queue();
            }
            try (var first = start(scenario, directory, List.of())) {
                Eventually.holds("it is at work", () -> requests(scenario) >= requests);
                first.kill();
            }
            long killed = System.nanoTime();
            try (var second = start(scenario, directory, List.of("--if-locked=wait=1m"))) {
                // what the killed one had sent may still arrive meanwhile
                Eventually.holds("the next one begins", () -> runs(scenario) == 2);
                long before = requests(scenario);
                Eventually.holds("the next one is at work", () -> requests(scenario) > before);
                long millis = (System.nanoTime() - killed) / 1_000_000;
                if (second.exitCode() != 0) {
                    throw new AssertionError(second.said());
                }
                ThreeBooks.of(scenario).agreeAfterTrouble();
                return millis;
            }
        }
    }

    private static OneProcess start(Scenario scenario, Path directory, List<String> options) {
        return OneProcess.run(scenario, directory, List.of(), Map.of(), options, JOB);
    }

    private static long runs(Scenario scenario) {
        return scenario.count("SELECT count(*) FROM audit.run");
    }

    private static long requests(Scenario scenario) {
        return scenario.simulator.ledger().totals().requests();
    }
}
