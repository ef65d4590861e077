package reconciler.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import reconciler.Seed;
import reconciler.embedded.InstalledPostgres;

/// The long soak. Arguments: rows (20000), kills (22), failovers (2), rows that were settled before
/// (1000000). Its chance is printed; `-Dseed=` repeats it.
final class SoakRun {
    private SoakRun() {}

    static void main(String[] args) throws IOException {
        int rows = argument(args, 0, 20_000);
        int kills = argument(args, 1, 22);
        int failovers = argument(args, 2, 2);
        int settledBefore = argument(args, 3, 1_000_000);
        Seed seed = Seed.of(SoakRun.class);
        Path directory = Files.createTempDirectory("soak");
        long start = System.nanoTime();
        try (var servers = SoakServers.installed(directory)) {
            if (!servers.canFail()) {
                System.out.println(
                        "without failovers and clock steps: " + InstalledPostgres.missingClock());
            }
            Soak.Result result =
                    Soak.run(
                            seed,
                            directory,
                            new Soak.Plan(rows, kills, failovers),
                            settledBefore,
                            servers);
            System.out.printf(
                    "seed %d: %s; %d s%n",
                    seed.value(), result.inWords(), (System.nanoTime() - start) / 1_000_000_000);
            System.out.printf(
                    "runs that were frozen, taken over and thawed: %d; what they added: 0%n",
                    result.freezes());
            System.out.printf(
                    "rows settled before: %d; standbys promoted: %d; requests on record only on a server that was lost: %d; clock set: %d times%n",
                    settledBefore, result.failovers(), result.lost(), result.clockSteps());
        }
    }

    private static int argument(String[] args, int number, int otherwise) {
        return args.length > number ? Integer.parseInt(args[number]) : otherwise;
    }
}
