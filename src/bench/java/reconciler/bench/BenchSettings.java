package reconciler.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/// What was asked for on the command line of Maven, as system properties.
///
/// @param workloads by their numbers
/// @param rows null: the size that is documented for each workload
/// @param inFlight null: as documented
/// @param contenders names; empty means all
/// @param deadline the longest that one contender may take, see `deadlineOf`
/// @param postgres a JDBC URL of a server to use; null: one of its own
record BenchSettings(
        List<Integer> workloads,
        int rounds,
        @Nullable Integer rows,
        @Nullable Integer inFlight,
        List<String> contenders,
        Duration deadline,
        @Nullable String postgres,
        Path home) {

    static BenchSettings fromSystem() {
        return new BenchSettings(
                known("bench", List.of("1", "2", "3", "4", "5", "6")).stream()
                        .map(Integer::valueOf)
                        .toList(),
                Integer.parseInt(System.getProperty("rounds", "3")),
                number("rows"),
                number("in-flight"),
                known("contenders", Contender.all().map(Contender::name).toList()),
                DurationStyle.SIMPLE.parse(System.getProperty("deadline", "60s")),
                text("postgres"),
                Path.of("").toAbsolutePath());
    }

    int rowsOr(int documented) {
        return rows == null ? documented : rows;
    }

    /// Nobody who settles this many rows at 500 a second is cut short.
    Duration deadlineOf(int rows) {
        Duration enough = Duration.ofSeconds(rows / 500);
        return enough.compareTo(deadline) > 0 ? enough : deadline;
    }

    boolean wants(Contender contender) {
        return contenders.isEmpty() || contenders.contains(contender.name());
    }

    Path output() {
        return home.resolve("target/bench");
    }

    private static List<String> list(String name) {
        String text = text(name);
        return text == null ? List.of() : Arrays.asList(text.split(","));
    }

    private static List<String> known(String name, List<String> all) {
        List<String> asked = list(name);
        for (String one : asked) {
            if (!all.contains(one)) {
                throw new IllegalArgumentException(
                        "-D%s: there is no '%s'; expected some of %s, separated by commas"
                                .formatted(name, one, String.join(", ", all)));
            }
        }
        return asked;
    }

    private static @Nullable Integer number(String name) {
        String text = text(name);
        return text == null ? null : Integer.valueOf(text);
    }

    /// Maven hands over an empty property as an empty text.
    private static @Nullable String text(String name) {
        String text = System.getProperty(name, "");
        return text.isBlank() ? null : text.strip();
    }
}
