package reconciler.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import reconciler.run.RunProgress;
import reconciler.run.Tally;

/// A run under way, as people see it: a bar on a terminal, a line every 30 s elsewhere, nothing
/// when quiet.
final class ProgressDisplay implements AutoCloseable {
    private static final Duration BAR = Duration.ofMillis(250);
    private static final Duration LINE = Duration.ofSeconds(30);
    private static final int WIDTH = 130;

    private final Terminal terminal;
    private final boolean quiet;
    private final ScheduledExecutorService ticks =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("progress").factory());
    private @Nullable ProgressBar bar;
    private @Nullable RunProgress watched;

    ProgressDisplay(Terminal terminal, boolean quiet) {
        this.terminal = terminal;
        this.quiet = quiet;
    }

    synchronized void watch(RunProgress progress) {
        if (quiet || progress.tally().total().planned() == 0) {
            return;
        }
        watched = progress;
        if (terminal.interactive()) {
            bar =
                    new ProgressBarBuilder()
                            .setTaskName("run " + progress.run())
                            .setInitialMax(progress.tally().total().planned())
                            .setStyle(ProgressBarStyle.ASCII)
                            .setConsumer(new ConsoleProgressBarConsumer(terminal.err(), WIDTH))
                            .showSpeed()
                            .build();
        }
        Duration tick = terminal.interactive() ? BAR : LINE;
        var _ =
                ticks.scheduleAtFixedRate(
                        this::tick, tick.toMillis(), tick.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        ticks.shutdownNow();
        synchronized (this) {
            if (bar != null) {
                update(bar);
                bar.close();
                bar = null;
            }
        }
    }

    private synchronized void tick() {
        if (bar != null) {
            update(bar);
        } else if (watched != null) {
            terminal.say(line(watched));
        }
    }

    private void update(ProgressBar shown) {
        if (watched != null) {
            shown.stepTo(watched.tally().total().done());
            shown.setExtraMessage(" " + roles(watched));
        }
    }

    /// Counts per role, rate and what is left of the time.
    static String line(RunProgress progress) {
        Tally.Counts total = progress.tally().total();
        double seconds = Math.max(0.001, progress.elapsed().toMillis() / 1_000.0);
        double rate = total.done() / seconds;
        long left = Math.max(0, total.planned() - total.done());
        String eta = rate > 0 ? duration(Duration.ofSeconds((long) (left / rate))) : "unknown";
        return String.format(
                Locale.ROOT,
                "run %d: %d of %d rows (%s), %.1f rows/s, about %s left",
                progress.run(),
                total.done(),
                total.planned(),
                roles(progress),
                rate,
                eta);
    }

    private static String roles(RunProgress progress) {
        long throttled = progress.statistics().get().throttled();
        return progress.tally().byRole().entrySet().stream()
                        .map(role ->
                                role.getKey()
                                        + " "
                                        + role.getValue().done()
                                        + "/"
                                        + role.getValue().planned())
                        .collect(Collectors.joining(", "))
                + (throttled == 0 ? "" : ", 429: " + throttled);
    }

    static String duration(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 90) {
            return seconds + " s";
        }
        return seconds < 5_400
                ? seconds / 60 + " min"
                : seconds / 3_600 + " h " + seconds % 3_600 / 60 + " min";
    }
}
