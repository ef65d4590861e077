package reconciler.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reconciler.audit.RunStart.Trigger;
import reconciler.run.JobFile;
import reconciler.run.RunRequest;
import reconciler.run.Schedule;
import reconciler.run.StopSignal;

/// Runs jobs when their schedules say so, one at a time, until it is told to stop.
///
/// A firing that nobody served (nobody was there, another run was under way, the database was away)
/// is a misfire: with `run-once` one run serves all that were missed as soon as the window allows,
/// with `skip` the next firing does.
public final class Scheduler {
    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);

    /// The longest sleep: a clock that is set, or a suspended machine, is noticed within this time.
    private static final Duration GLANCE = Duration.ofSeconds(30);

    /// A firing served this late is still on time.
    private static final Duration PUNCTUAL = Duration.ofMinutes(1);

    private final List<JobFile> jobs;
    private final Runs runs;
    private final StopSignal stop;
    private final InstantSource clock;
    private final Map<String, Instant> served = new HashMap<>();

    /// What a schedule sets off, and what it remembers.
    public interface Runs {
        /// Runs to completion. A run that could not begin (the lease is held, the database is away)
        /// is reported by false, not by an exception.
        boolean run(RunRequest request);

        /// The latest instant of the job's schedule that a run served; null when none did.
        @Nullable Instant lastServed(String job);
    }

    /// @param jobs those without a schedule are ignored
    public Scheduler(List<JobFile> jobs, Runs runs, StopSignal stop, InstantSource clock) {
        this.jobs = jobs.stream().filter(job -> job.schedule() != null).toList();
        this.runs = runs;
        this.stop = stop;
        this.clock = clock;
    }

    /// The next firing of any job after now.
    ///
    /// @param at when it is to be served
    /// @param instant which firing of the schedule it is
    public record Firing(JobFile job, Instant instant, Instant at) {}

    /// Works until the stop signal is raised.
    public void work() {
        Instant began = clock.instant();
        for (JobFile job : jobs) {
            served.put(job.job(), startingPoint(job, began));
        }
        while (!stop.isRaised()) {
            Firing next = next();
            if (next == null) {
                stop.pause(GLANCE);
                continue;
            }
            Duration wait = Duration.between(clock.instant(), next.at());
            if (wait.isPositive()) {
                stop.pause(wait.compareTo(GLANCE) < 0 ? wait : GLANCE);
            } else {
                serve(next);
            }
        }
    }

    /// What comes first; null when no job has a future.
    public @Nullable Firing next() {
        return jobs.stream()
                .map(job -> firing(job, served.getOrDefault(job.job(), clock.instant())))
                .filter(Objects::nonNull)
                .min(Comparator.comparing(Firing::at))
                .orElse(null);
    }

    private void serve(Firing firing) {
        LOG.info("job {} is due since {}", firing.job().job(), firing.instant());
        boolean ran =
                runs.run(
                        new RunRequest(
                                firing.job(), Trigger.SCHEDULE, firing.instant(), "schedule"));
        if (ran) {
            served.put(firing.job().job(), clock.instant());
        } else {
            stop.pause(GLANCE);
        }
    }

    /// With `run-once` the schedule continues where the last served firing left it; a job that
    /// never ran begins now.
    private Instant startingPoint(JobFile job, Instant now) {
        Instant last = runs.lastServed(job.job());
        return switch (schedule(job).misfire()) {
            case RUN_ONCE -> last == null ? now : last;
            case SKIP -> now;
        };
    }

    private @Nullable Firing firing(JobFile job, Instant after) {
        Schedule schedule = schedule(job);
        Instant instant = schedule.nextAfter(after);
        if (instant == null) {
            return null;
        }
        Instant now = clock.instant();
        if (instant.plus(PUNCTUAL).isAfter(now)) {
            return new Firing(job, instant, instant);
        }
        return switch (schedule.misfire()) {
            case RUN_ONCE ->
                    new Firing(
                            job, instant, schedule.isOpenAt(now) ? now : schedule.opensAfter(now));
            case SKIP -> firing(job, now);
        };
    }

    private static Schedule schedule(JobFile job) {
        return Objects.requireNonNull(job.schedule());
    }
}
