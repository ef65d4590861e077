package reconciler.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the figures were measured on.
///
/// @param postgres the server's version
record Machine(String postgres) {
    String inWords() {
        return "%d cores%s, %s %s, JDK %s, Postgres %s with fsync and synchronous commit on"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        model(),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"),
                        Runtime.version().feature(),
                        postgres);
    }

    private static String model() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> " (" + line.replaceFirst(".*:\\s*", "") + ")")
                    .findFirst()
                    .orElse("");
        } catch (IOException unknown) {
            return "";
        }
    }
}
