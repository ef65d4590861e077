package reconciler.run;

import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import reconciler.pace.DatabaseClock;
import reconciler.pace.RateBucket;
import reconciler.pace.RateKey;
import reconciler.pace.SharedPace;
import reconciler.patch.ApiSettings;
import reconciler.patch.AttributePatcher;
import reconciler.patch.BeforeImage;
import reconciler.patch.Clearance;
import reconciler.patch.Pace;
import reconciler.patch.PatchSettings;
import reconciler.patch.Rate;

/// Opens the API for a job: by the job's rules, at the pace that is everybody's. Without the
/// database nothing is sent, and `stop` is raised.
record Patchers(DataSource dataSource, ApiSettings api, RandomGenerator random) {

    AttributePatcher open(JobFile job, Clearance clearance, StopSignal stop) {
        DatabaseClock clock = clock();
        return open(
                job,
                new SharedPace(
                        rate(job), bucket(clock), System::nanoTime, stop, said -> end(stop, said)),
                clearance,
                stop,
                clock);
    }

    /// For who sends a request now and then.
    AttributePatcher openForFew(JobFile job, Clearance clearance, StopSignal stop) {
        DatabaseClock clock = clock();
        return open(
                job,
                SharedPace.forFew(
                        rate(job), bucket(clock), System::nanoTime, stop, said -> end(stop, said)),
                clearance,
                stop,
                clock);
    }

    private AttributePatcher open(
            JobFile job, Pace pace, Clearance clearance, StopSignal stop, DatabaseClock clock) {
        return new AttributePatcher(api, settings(job), pace, clearance, stop, clock, random);
    }

    static PatchSettings settings(JobFile job) {
        return new PatchSettings(
                job.api().inFlight(),
                job.api().timeout(),
                job.policies(),
                switch (job.beforeImage()) {
                    case READ -> BeforeImage.READ;
                    case OFF -> BeforeImage.OFF;
                },
                job.verify().fraction(),
                job.breaker());
    }

    private static Rate rate(JobFile job) {
        return new Rate(job.rate().perMinute(), job.rate().learn(), job.rate().leave().fraction());
    }

    private DatabaseClock clock() {
        return new DatabaseClock(dataSource, System::nanoTime);
    }

    private RateBucket bucket(DatabaseClock clock) {
        return new RateBucket(dataSource, RateKey.of(api), clock);
    }

    private static void end(StopSignal stop, String said) {
        stop.raise(
                ExitCode.UNAVAILABLE,
                "the database cannot be asked for the pace, so nothing is sent: " + said);
    }
}
