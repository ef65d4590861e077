package reconciler.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What arrives at the API over time, seen from the API. Looks 20 times a second until closed.
final class Arrivals implements AutoCloseable {
    private static final long BETWEEN_LOOKS = 50;

    private final SimulatedApi api;
    private final List<Point> points = new ArrayList<>();
    private final Thread watcher;
    private volatile boolean over;

    /// @param seconds since the watch began
    record Point(double seconds, long requests, long refused) {}

    Arrivals(SimulatedApi api) {
        this.api = api;
        look(System.nanoTime());
        watcher = Thread.ofPlatform().name("arrivals").start(this::watch);
    }

    private void watch() {
        long start = System.nanoTime();
        while (!over) {
            look(start);
            try {
                TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS);
            } catch (InterruptedException stop) {
                over = true;
            }
        }
        look(start);
    }

    private void look(long start) {
        try {
            SimulatedApi.Counts counts = api.counts();
            points.add(
                    new Point(
                            (System.nanoTime() - start) / 1e9,
                            counts.requests(),
                            counts.refused()));
        } catch (IOException gone) {
            throw new IllegalStateException("the simulator is gone", gone);
        } catch (InterruptedException stop) {
            over = true;
        }
    }

    @Override
    public void close() {
        over = true;
        try {
            watcher.join();
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    /// All looks; only after the watch has ended.
    Traffic traffic() {
        return Traffic.of(points);
    }

    /// From the last look without requests to the first look with all of them.
    ///
    /// @param points relative to the begin, counted from zero
    record Traffic(double seconds, long requests, long refused, List<Point> points) {
        static Traffic of(List<Point> looks) {
            Point first = looks.getFirst();
            Point last = looks.getLast();
            double begin =
                    looks.stream()
                            .filter(look -> look.requests() == first.requests())
                            .mapToDouble(Point::seconds)
                            .max()
                            .orElse(0);
            double end =
                    looks.stream()
                            .filter(look -> look.requests() == last.requests())
                            .mapToDouble(Point::seconds)
                            .min()
                            .orElse(0);
            return new Traffic(
                    end - begin,
                    last.requests() - first.requests(),
                    last.refused() - first.refused(),
                    looks.stream()
                            .filter(look -> look.seconds() >= begin && look.seconds() <= end)
                            .map(look ->
                                    new Point(
                                            look.seconds() - begin,
                                            look.requests() - first.requests(),
                                            look.refused() - first.refused()))
                            .toList());
        }
    }
}
