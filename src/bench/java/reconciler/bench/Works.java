package reconciler.bench;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The workloads that all contenders share.
final class Works {
    private static final List<String> AT_20_MS = List.of("--latency", "20ms");
    private static final List<String> LIMITED =
            List.of("PRODUCT", "PLAIN_POOL", "BATCH_ASYNC", "DB_SCHEDULER");
    private static final int TWO_PER_PARTICIPANT = 2;

    /// The JVM of whoever is fast is cold for a good part of it.
    private static final int ROWS = 50_000;

    /// Who does the rest of the work best, beside the limit and the plainest way.
    private static final List<String> QUICK =
            List.of("PRODUCT", "BARE_LOOP", "PLAIN_POOL", "BATCH_ASYNC");

    private Works() {}

    /// The workloads of a number; none for those that are measured otherwise.
    static Stream<Work> of(int number, BenchSettings settings) {
        return switch (number) {
            case 1 -> inFlights(settings).mapToObj(inFlight -> unlimited(inFlight, settings));
            case 2 -> Stream.of(ownCost(settings));
            case 3 -> Stream.of(perSecond(settings), perMinute(settings));
            case 4 -> Stream.of(longTail(settings));
            default -> Stream.empty();
        };
    }

    private static IntStream inFlights(BenchSettings settings) {
        return settings.inFlight() == null
                ? IntStream.of(64, 500)
                : IntStream.of(settings.inFlight());
    }

    private static Work unlimited(int inFlight, BenchSettings settings) {
        return new Work(
                "1",
                "unlimited API, 20 ms an answer, " + inFlight + " in flight",
                settings.rowsOr(ROWS),
                TWO_PER_PARTICIPANT,
                inFlight,
                AT_20_MS,
                Work.UNLIMITED,
                inFlight / 0.020,
                inFlight > 100 ? QUICK : List.of());
    }

    private static Work ownCost(BenchSettings settings) {
        return new Work(
                "2",
                "unlimited API, 0 ms an answer: what our own code costs",
                settings.rowsOr(ROWS),
                TWO_PER_PARTICIPANT,
                64,
                List.of("--latency", "0ms"),
                Work.UNLIMITED,
                null,
                QUICK);
    }

    private static Work perSecond(BenchSettings settings) {
        return new Work(
                "3a",
                "limit 100/s, 20 ms an answer",
                settings.rowsOr(1_500),
                1,
                32,
                List.of("--latency", "20ms", "--rate-limit", "100", "--rate-window", "1s"),
                6_000,
                100.0,
                LIMITED);
    }

    private static Work perMinute(BenchSettings settings) {
        return new Work(
                "3b",
                "limit 300/min without bursts, 5 in any second, 20 ms an answer",
                Math.max(1, settings.rowsOr(1_500) / 15),
                1,
                32,
                List.of("--latency", "20ms", "--rate-limit", "5", "--rate-window", "1s"),
                300,
                5.0,
                LIMITED);
    }

    private static Work longTail(BenchSettings settings) {
        return new Work(
                "4",
                "long tail: 20 ms an answer, 1 % of them 1 s",
                settings.rowsOr(ROWS),
                TWO_PER_PARTICIPANT,
                64,
                List.of("--latency", "20ms", "--tail", "0.01"),
                Work.UNLIMITED,
                64 / (0.99 * 0.020 + 0.01 * 1.0),
                QUICK);
    }
}
