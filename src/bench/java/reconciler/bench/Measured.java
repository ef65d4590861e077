package reconciler.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/// One contender in one round, or the medians of several.
///
/// @param rows that were settled
/// @param seconds from the first request to the last, seen from the API
/// @param wholeSeconds of the whole process
record Measured(
        double rows,
        double requests,
        double refused,
        double seconds,
        double wholeSeconds,
        double cpuSeconds,
        double databaseCpuSeconds,
        double commits,
        double wal,
        double heap,
        double resident,
        List<Arrivals.Point> points) {

    double rowsPerSecond() {
        return rows / seconds;
    }

    double requestsPerSecond() {
        return (requests - refused) / seconds;
    }

    double perRow(double total) {
        return total / rows;
    }

    /// For who has no rows: what its requests carried.
    Measured ofRows(double carried) {
        return new Measured(
                carried,
                requests,
                refused,
                seconds,
                wholeSeconds,
                cpuSeconds,
                databaseCpuSeconds,
                commits,
                wal,
                heap,
                resident,
                points);
    }

    /// The median of each figure by itself; the curve is the last round's.
    static Measured median(List<Measured> rounds) {
        return new Measured(
                median(rounds, Measured::rows),
                median(rounds, Measured::requests),
                median(rounds, Measured::refused),
                median(rounds, Measured::seconds),
                median(rounds, Measured::wholeSeconds),
                median(rounds, Measured::cpuSeconds),
                median(rounds, Measured::databaseCpuSeconds),
                median(rounds, Measured::commits),
                median(rounds, Measured::wal),
                median(rounds, Measured::heap),
                median(rounds, Measured::resident),
                rounds.getLast().points());
    }

    private static double median(List<Measured> rounds, ToDoubleFunction<Measured> figure) {
        return median(rounds.stream().mapToDouble(figure));
    }

    static double median(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
