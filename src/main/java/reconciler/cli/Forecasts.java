package reconciler.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import reconciler.queue.DueChanges;
import reconciler.queue.DueChanges.Forecast;
import reconciler.run.JobFile;

/// What a run would do, from the queue alone: nothing is sent and nothing is changed.
record Forecasts(PrintStream out, Format format) {
    private static final List<String> COLUMNS =
            List.of(
                    "role",
                    "rows",
                    "superseded",
                    "expired",
                    "participants",
                    "patch_requests",
                    "read_requests");

    void show(DataSource dataSource, JobFile job) {
        var due = new DueChanges(dataSource);
        List<Forecast> forecasts =
                due.forecast(
                        due.scopeNow(Set.copyOf(job.select().roles()), job.select().approval()));
        long requests = 0;
        try (Sheet sheet = format.open(out, "roles", COLUMNS)) {
            for (Forecast forecast : forecasts) {
                long reads =
                        job.beforeImage() == JobFile.BeforeImage.READ
                                ? forecast.conversations()
                                : 0;
                requests += forecast.participants() + reads;
                sheet.row(
                        List.of(
                                forecast.role().name(),
                                forecast.rows(),
                                forecast.superseded(),
                                forecast.expired(),
                                forecast.participants(),
                                forecast.participants(),
                                reads));
            }
        }
        if (format == Format.TABLE) {
            out.println(
                    "Dry run: nothing was sent. At most "
                            + requests
                            + " requests, about "
                            + time(requests, job.rate().ours())
                            + " at "
                            + Math.round(job.rate().ours())
                            + " requests a minute.");
        }
    }

    private static String time(long requests, double perMinute) {
        return ProgressDisplay.duration(
                Duration.ofSeconds((long) Math.ceil(requests * 60 / perMinute)));
    }
}
