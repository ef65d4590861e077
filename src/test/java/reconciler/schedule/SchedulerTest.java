package reconciler.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.run.ExitCode;
import reconciler.run.JobFile;
import reconciler.run.RunRequest;
import reconciler.run.StopSignal;

/// Days pass in no time: waiting sets the clock.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SchedulerTest {
    private Instant now = Instant.parse("2026-07-01T00:00:00Z");
    private Instant end = Instant.MAX;
    private Duration takes = Duration.ofSeconds(10);
    private Predicate<RunRequest> canRun = _ -> true;
    private final Map<String, Instant> lastServed = new HashMap<>();
    private final List<String> began = new ArrayList<>();
    private StopSignal stop = new StopSignal();

    /// By how much somebody sets the clock back during the first run.
    private Duration setBack = Duration.ZERO;

    /// Remembers what began when, and takes its time.
    private final class RecordedRuns implements Scheduler.Runs {
        @Override
        public boolean run(RunRequest request) {
            began.add(request.job().job() + " " + now + " for " + request.scheduledFor());
            now = now.minus(setBack);
            setBack = Duration.ZERO;
            if (!canRun.test(request)) {
                return false;
            }
            pass(takes);
            return true;
        }

        @Override
        public @Nullable Instant lastServed(String job) {
            return lastServed.get(job);
        }
    }

    @Test
    void a_time_of_day_is_that_of_the_zone() {
        workUntil("2026-07-03T00:00:00Z", job("nightly", "0 2 * * *", "zone: America/New_York"));

        assertThat(began)
                .containsExactly(
                        "nightly 2026-07-01T06:00:00Z for 2026-07-01T06:00:00Z",
                        "nightly 2026-07-02T06:00:00Z for 2026-07-02T06:00:00Z");
    }

    @Test
    void the_night_the_clock_goes_forward_has_one_run() {
        now = Instant.parse("2026-03-07T12:00:00Z");

        workUntil("2026-03-09T12:00:00Z", job("nightly", "0 4 * * *", "zone: America/New_York"));

        assertThat(began)
                .containsExactly(
                        "nightly 2026-03-08T08:00:00Z for 2026-03-08T08:00:00Z",
                        "nightly 2026-03-09T08:00:00Z for 2026-03-09T08:00:00Z");
    }

    @Test
    void a_time_that_comes_twice_has_one_run() {
        now = Instant.parse("2026-10-31T12:00:00Z");

        workUntil("2026-11-02T12:00:00Z", job("nightly", "30 1 * * *", "zone: America/New_York"));

        assertThat(began)
                .containsExactly(
                        "nightly 2026-11-01T05:30:00Z for 2026-11-01T05:30:00Z",
                        "nightly 2026-11-02T06:30:00Z for 2026-11-02T06:30:00Z");
    }

    @Test
    void nothing_begins_outside_the_window() {
        workUntil("2026-07-02T00:00:00Z", job("hourly", "0 * * * *", "window: \"03:00-05:00\""));

        assertThat(began)
                .containsExactly(
                        "hourly 2026-07-01T03:00:00Z for 2026-07-01T03:00:00Z",
                        "hourly 2026-07-01T04:00:00Z for 2026-07-01T04:00:00Z");
    }

    @Test
    void what_was_missed_is_made_up_for_by_one_run() {
        lastServed.put("nightly", Instant.parse("2026-06-27T02:00:00Z"));

        workUntil("2026-07-02T00:00:00Z", job("nightly", "0 2 * * *", "misfire: run-once"));

        assertThat(began)
                .containsExactly(
                        "nightly 2026-07-01T00:00:00Z for 2026-06-30T02:00:00Z",
                        "nightly 2026-07-01T02:00:00Z for 2026-07-01T02:00:00Z");
    }

    @Test
    void what_was_missed_waits_for_the_window() {
        lastServed.put("nightly", Instant.parse("2026-06-27T02:00:00Z"));

        workUntil("2026-07-01T01:59:00Z", job("nightly", "0 2 * * *", "window: \"01:00-05:00\""));

        assertThat(began).containsExactly("nightly 2026-07-01T01:00:00Z for 2026-06-30T02:00:00Z");
    }

    @Test
    void what_was_missed_is_left_to_the_next_one_where_the_job_says_so() {
        lastServed.put("nightly", Instant.parse("2026-06-27T02:00:00Z"));

        workUntil("2026-07-02T00:00:00Z", job("nightly", "0 2 * * *", "misfire: skip"));

        assertThat(began).containsExactly("nightly 2026-07-01T02:00:00Z for 2026-07-01T02:00:00Z");
    }

    @Test
    void a_job_that_never_ran_has_missed_nothing() {
        workUntil("2026-07-01T01:00:00Z", job("nightly", "0 2 * * *", "misfire: run-once"));

        assertThat(began).isEmpty();
    }

    @Test
    void two_jobs_due_at_once_run_one_after_the_other() {
        takes = Duration.ofMinutes(20);

        workUntil(
                "2026-07-01T03:00:00Z",
                job("nightly", "0 2 * * *", "misfire: run-once"),
                job("other", "0 2 * * *", "misfire: run-once"));

        assertThat(began)
                .containsExactly(
                        "nightly 2026-07-01T02:00:00Z for 2026-07-01T02:00:00Z",
                        "other 2026-07-01T02:20:00Z for 2026-07-01T02:00:00Z");
    }

    @Test
    void a_run_that_outlasts_its_period_is_followed_by_one_run_for_all_it_missed() {
        takes = Duration.ofMinutes(22);

        workUntil("2026-07-01T00:40:00Z", job("often", "*/5 * * * *", "misfire: run-once"));

        assertThat(began)
                .containsExactly(
                        "often 2026-07-01T00:05:00Z for 2026-07-01T00:05:00Z",
                        "often 2026-07-01T00:27:00Z for 2026-07-01T00:25:00Z");
    }

    @Test
    void a_run_that_outlasts_its_period_is_followed_by_the_next_firing_where_the_job_says_so() {
        takes = Duration.ofMinutes(22);

        workUntil("2026-07-01T00:40:00Z", job("often", "*/5 * * * *", "misfire: skip"));

        assertThat(began)
                .containsExactly(
                        "often 2026-07-01T00:05:00Z for 2026-07-01T00:05:00Z",
                        "often 2026-07-01T00:30:00Z for 2026-07-01T00:30:00Z");
    }

    @Test
    void a_job_that_skips_goes_on_after_another_one_was_in_its_way() {
        canRun =
                request -> {
                    pass(request.job().job().equals("long") ? Duration.ofMinutes(12) : takes);
                    return true;
                };
        takes = Duration.ZERO;

        workUntil(
                "2026-07-01T00:26:00Z",
                job("often", "*/5 * * * *", "misfire: skip"),
                job("long", "1 0 * * *", "misfire: skip"));

        assertThat(began.stream().map(run -> run.substring(0, run.indexOf(" for"))))
                .containsExactly(
                        "long 2026-07-01T00:01:00Z",
                        "often 2026-07-01T00:15:00Z",
                        "often 2026-07-01T00:20:00Z",
                        "often 2026-07-01T00:25:00Z");
    }

    @Test
    void what_could_not_begin_is_tried_again() {
        canRun = _ -> began.size() > 2;

        workUntil("2026-07-01T03:00:00Z", job("nightly", "0 2 * * *", "misfire: run-once"));

        assertThat(began)
                .containsExactly(
                        "nightly 2026-07-01T02:00:00Z for 2026-07-01T02:00:00Z",
                        "nightly 2026-07-01T02:00:30Z for 2026-07-01T02:00:00Z",
                        "nightly 2026-07-01T02:01:30Z for 2026-07-01T02:00:00Z");
    }

    @Test
    void what_can_never_run_is_tried_less_and_less_often() {
        canRun = _ -> false;

        workUntil("2026-07-02T00:00:00Z", job("nightly", "0 2 * * *", "misfire: run-once"));

        assertThat(began).hasSizeBetween(80, 90); // 22 hours, every 16 minutes in the end
    }

    @Test
    void what_can_never_run_does_not_keep_the_others_from_running() {
        canRun =
                request -> {
                    // a database or an API that is given up on takes its time
                    now = now.plus(Duration.ofMinutes(2));
                    return request.job().job().equals("other");
                };

        workUntil(
                "2026-07-01T04:00:00Z",
                job("broken", "0 1 * * *", "misfire: run-once"),
                job("other", "0 2 * * *", "misfire: run-once"));

        assertThat(began.stream().filter(run -> run.startsWith("other"))).hasSize(1);
    }

    @Test
    void what_could_not_begin_is_not_tried_for_ever_where_the_job_says_so() {
        canRun = _ -> false;

        workUntil("2026-07-01T12:00:00Z", job("nightly", "0 2 * * *", "misfire: skip"));

        assertThat(began).hasSize(2);
    }

    @Test
    void what_was_missed_for_days_is_not_made_up_for_twice() {
        lastServed.put("nightly", Instant.parse("2026-06-27T02:00:00Z"));
        workUntil("2026-07-01T00:30:00Z", job("nightly", "0 2 * * *", "misfire: run-once"));
        assertThat(began).containsExactly("nightly 2026-07-01T00:00:00Z for 2026-06-30T02:00:00Z");

        // the same process, started again
        lastServed.put("nightly", Instant.parse("2026-06-30T02:00:00Z"));
        workUntil("2026-07-01T01:00:00Z", job("nightly", "0 2 * * *", "misfire: run-once"));

        assertThat(began).hasSize(1);
    }

    @Test
    void a_time_of_day_is_not_repeated_when_the_clock_is_set_back() {
        setBack = Duration.ofHours(2);

        workUntil("2026-07-02T01:00:00Z", job("nightly", "0 2 * * *", "misfire: run-once"));

        assertThat(began).containsExactly("nightly 2026-07-01T02:00:00Z for 2026-07-01T02:00:00Z");
    }

    @Test
    void a_distance_goes_on_at_once_when_the_clock_is_set_back() {
        setBack = Duration.ofHours(2);
        now = Instant.parse("2026-07-01T04:00:00Z");

        workUntil("2026-07-01T04:30:00Z", job("often", "*/10 * * * *", "misfire: run-once"));

        assertThat(began.stream().limit(3).map(run -> run.substring(0, run.indexOf(" for"))))
                .containsExactly(
                        "often 2026-07-01T04:10:00Z",
                        "often 2026-07-01T02:20:00Z",
                        "often 2026-07-01T02:30:00Z");
    }

    @Test
    void a_clock_that_was_wrong_by_years_does_not_stop_the_schedule() {
        lastServed.put("nightly", Instant.parse("2031-01-01T02:00:00Z"));
        setBack = Duration.ofDays(300);

        workUntil("2026-07-02T03:00:00Z", job("nightly", "0 2 * * *", "misfire: run-once"));

        assertThat(began.stream().limit(2))
                .containsExactly(
                        "nightly 2026-07-01T02:00:00Z for 2026-07-01T02:00:00Z",
                        "nightly 2025-09-05T02:00:00Z for 2025-09-05T02:00:00Z");
    }

    @Test
    void a_clock_that_is_set_forward_is_noticed() {
        var scheduler = scheduler(job("nightly", "0 2 * * *", "misfire: run-once"));
        now = Instant.parse("2026-07-05T12:00:00Z");

        assertThat(scheduler.next()).isNotNull();
        assertThat(scheduler.next().instant()).isEqualTo("2026-07-06T02:00:00Z");
    }

    @Test
    void jobs_without_a_schedule_are_left_to_people() {
        var scheduler = scheduler(JobFile.parse("by-hand.yml", "job: by-hand\n"));

        assertThat(scheduler.next()).isNull();
    }

    private void workUntil(String moment, JobFile... jobs) {
        end = Instant.parse(moment);
        stop = new StopSignal();
        scheduler(jobs).work();
    }

    private Scheduler scheduler(JobFile... jobs) {
        return new Scheduler(
                List.of(jobs),
                new RecordedRuns(),
                stop,
                pause -> {
                    pass(pause);
                    return true;
                },
                () -> now);
    }

    private void pass(Duration time) {
        now = now.plus(time);
        if (!now.isBefore(end)) {
            stop.raise(ExitCode.STOPPED, "the test is over");
        }
    }

    private static JobFile job(String name, String cron, String more) {
        return JobFile.parse(
                name + ".yml",
                "job: " + name + "\nschedule: {cron: \"" + cron + "\", " + more + "}\n");
    }
}
