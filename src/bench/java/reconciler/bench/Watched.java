package reconciler.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A process from its start to its end, and what it used.
final class Watched {
    /// All is done, or a part waits for a later run: the rows that are settled are counted.
    private static final Set<Integer> ENOUGH = Set.of(0, 3);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
    private static final Pattern COLLECTION = Pattern.compile("Pause .* (\\d+)M->(\\d+)M\\(");

    private final Path directory;

    Watched(Path directory) {
        this.directory = directory;
    }

    /// @param heap the most that was live after a collection, in MB; NaN when there was none
    /// @param finished false when it was ended at the deadline
    record Used(
            double seconds, double cpuSeconds, double resident, double heap, boolean finished) {}

    /// The options that make a JVM tell about its heap.
    String heapLog() {
        return "-Xlog:gc:file=" + directory.resolve("gc.log") + "::filecount=0";
    }

    /// @throws IllegalStateException with its last words when it ends with an exit code above 0
    Used run(List<String> command, Map<String, String> environment, Duration deadline) {
        try {
            Files.deleteIfExists(directory.resolve("gc.log"));
            return watch(start(command, environment), command, deadline);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    private Process start(List<String> command, Map<String, String> environment)
            throws IOException {
        var builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("last-words.txt").toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private Used watch(Process process, List<String> command, Duration deadline)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        double cpu = Double.NaN;
        double resident = Double.NaN;
        boolean ended = false;
        try {
            while (!ended && System.nanoTime() - start < deadline.toNanos()) {
                ended = process.waitFor(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
                double now = CpuTime.of(process.pid());
                if (!Double.isNaN(now) && now > 0) {
                    cpu = now;
                    double most = CpuTime.peakResident(process.pid());
                    resident = Double.isNaN(most) ? resident : most;
                }
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        if (ended && !ENOUGH.contains(process.exitValue())) {
            throw new IllegalStateException(
                    command
                            + " ended with exit "
                            + process.exitValue()
                            + ":\n"
                            + Files.readString(directory.resolve("last-words.txt")));
        }
        if (ended && process.exitValue() != 0) {
            System.err.printf("%s ended with exit %d%n", command.getFirst(), process.exitValue());
        }
        return new Used(seconds, cpu, resident, heap(), ended);
    }

    private double heap() throws IOException {
        Path log = directory.resolve("gc.log");
        if (!Files.exists(log)) {
            return Double.NaN;
        }
        return Files.readAllLines(log).stream()
                .map(COLLECTION::matcher)
                .filter(Matcher::find)
                .mapToDouble(pause -> Double.parseDouble(pause.group(2)))
                .max()
                .orElse(Double.NaN);
    }
}
