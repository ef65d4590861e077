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
import reconciler.outcome.Pauses;
import reconciler.run.JobFile;
import reconciler.run.RunRequest;
import reconciler.run.Schedule;
import reconciler.run.StopSignal;

/// Runs jobs when their schedules say so, one at a time, until it is told to stop.
///
/// A firing that was not served (the process was down, another run was under way, the database was
/// away) is a misfire: with `run-once` one run serves all that were missed as soon as the window
/// allows, with `skip` the next firing does. Several hosts may serve the same jobs: a firing that
/// one of them has served is not served by another.
///
/// A clock that is set back repeats no time of day that was served, unless it was wrong by more
/// than three hours; what runs every few minutes or every hour goes on at once.
public final class Scheduler {
    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);

    /// The longest sleep: a clock that is set, or a suspended machine, is noticed within this time.
    private static final Duration GLANCE = Duration.ofSeconds(30);

    /// A job that cannot run is tried again after 30 s, and at last every 16 minutes.
    private static final int MOST_DOUBLINGS = 5;

    /// A firing served this late is still on time.
    private static final Duration PUNCTUAL = Duration.ofMinutes(1);

    /// A clock that is set back further was wrong: the schedule begins anew. ISC cron has the same
    /// limit.
    private static final Duration CORRECTION = Duration.ofHours(3);

    private final List<JobFile> jobs;
    private final Runs runs;
    private final StopSignal stop;
    private final Pauses pauses;
    private final InstantSource clock;
    private final Map<String, Instant> served = new HashMap<>();
    private final Map<String, Setback> setbacks = new HashMap<>();

    /// What a schedule sets off, and what it remembers.
    public interface Runs {
        /// Runs to completion, or finds that another host has. A run that could not begin (the
        /// lease is held, the database is away) is reported by false, not by an exception.
        boolean run(RunRequest request);

        /// The latest instant of the job's schedule that a run served to its end, on whatever host;
        /// null when none did.
        @Nullable Instant lastServed(String job);
    }

    /// @param jobs those without a schedule are ignored
    public Scheduler(List<JobFile> jobs, Runs runs, StopSignal stop, InstantSource clock) {
        this(jobs, runs, stop, stop, clock);
    }

    Scheduler(List<JobFile> jobs, Runs runs, StopSignal stop, Pauses pauses, InstantSource clock) {
        this.jobs = jobs.stream().filter(job -> job.schedule() != null).toList();
        this.runs = runs;
        this.stop = stop;
        this.pauses = pauses;
        this.clock = clock;
    }

    /// The next firing of any job after now.
    ///
    /// @param at when it is to be served
    /// @param instant which firing of the schedule it is
    public record Firing(JobFile job, Instant instant, Instant at) {
        Firing notBefore(Instant earliest) {
            return at.isBefore(earliest) ? new Firing(job, instant, earliest) : this;
        }
    }

    /// A firing that could not be served: the job rests, so that the others have their turn.
    private record Setback(Instant instant, int failures, Instant until) {}

    /// Works until the stop signal is raised.
    public void work() {
        Instant began = clock.instant();
        for (JobFile job : jobs) {
            served.put(job.job(), startingPoint(job, began));
        }
        while (!stop.isRaised()) {
            Firing next = next();
            if (next == null) {
                pauses.pause(GLANCE);
                continue;
            }
            Duration wait = Duration.between(clock.instant(), next.at());
            if (wait.isPositive()) {
                pauses.pause(wait.compareTo(GLANCE) < 0 ? wait : GLANCE);
            } else {
                serve(next);
            }
        }
    }

    /// What comes first; null when no job has a future.
    public @Nullable Firing next() {
        return jobs.stream()
                .map(job -> firing(job, lastServed(job)))
                .filter(Objects::nonNull)
                .map(this::rested)
                .min(Comparator.comparing(Firing::at))
                .orElse(null);
    }

    private Instant lastServed(JobFile job) {
        Instant last = believable(job, served.get(job.job()));
        if (last == null) {
            last = clock.instant();
            served.replace(job.job(), last);
        }
        return last;
    }

    private Firing rested(Firing firing) {
        Setback setback = setbacks.get(firing.job().job());
        return setback != null
                        && setback.instant().equals(firing.instant())
                        && !setback.until().isAfter(clock.instant().plus(rest(setback.failures())))
                ? firing.notBefore(setback.until())
                : firing;
    }

    private void serve(Firing firing) {
        String job = firing.job().job();
        Instant began = clock.instant();
        Instant latest = schedule(firing.job()).latest(firing.instant(), began);
        LOG.info("job {} is due since {}", job, firing.instant());
        if (runs.run(new RunRequest(firing.job(), Trigger.SCHEDULE, latest, "schedule"))) {
            // What fell due meanwhile is not served by this run: its rows may be younger.
            served.put(job, began);
            setbacks.remove(job);
        } else {
            Setback last = setbacks.get(job);
            int failures =
                    last != null && last.instant().equals(firing.instant())
                            ? last.failures() + 1
                            : 1;
            setbacks.put(
                    job,
                    new Setback(firing.instant(), failures, clock.instant().plus(rest(failures))));
        }
    }

    /// @return null for a time still to come that a wrong clock must have left
    private @Nullable Instant believable(JobFile job, @Nullable Instant last) {
        Duration ahead = schedule(job).cron().runsThroughRepeatedHours() ? PUNCTUAL : CORRECTION;
        return last == null || last.isAfter(clock.instant().plus(ahead)) ? null : last;
    }

    private static Duration rest(int failures) {
        return GLANCE.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
    }

    /// With `run-once` the schedule continues where the last served firing left it; a job that
    /// never ran begins now.
    private Instant startingPoint(JobFile job, Instant now) {
        Instant last = believable(job, runs.lastServed(job.job()));
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
            // From a minute ago: a firing of this very moment is not missed.
            case SKIP -> firing(job, now.minus(PUNCTUAL));
        };
    }

    private static Schedule schedule(JobFile job) {
        return Objects.requireNonNull(job.schedule());
    }
}
