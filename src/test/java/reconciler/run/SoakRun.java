package reconciler.run;

import java.io.IOException;
import java.nio.file.Files;
import reconciler.Seed;

/// The long soak. Arguments: rows (20000), kills (22). Its chance is printed; `-Dseed=` repeats it.
final class SoakRun {
    private SoakRun() {}

    static void main(String[] args) throws IOException {
        int rows = args.length > 0 ? Integer.parseInt(args[0]) : 20_000;
        int kills = args.length > 1 ? Integer.parseInt(args[1]) : 22;
        Seed seed = Seed.of(SoakRun.class);
        long start = System.nanoTime();
        Soak.Result result = Soak.run(seed, Files.createTempDirectory("soak"), rows, kills);
        System.out.printf(
                "seed %d: %s; %d s%n",
                seed.value(), result.inWords(), (System.nanoTime() - start) / 1_000_000_000);
        System.out.printf(
                "runs that were frozen, taken over and thawed: %d; what they added: 0%n",
                result.freezes());
    }
}
