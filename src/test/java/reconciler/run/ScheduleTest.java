package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.scheduling.support.CronExpression;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ScheduleTest {
    private static final Schedule.Window NIGHT =
            new Schedule.Window(LocalTime.of(22, 0), LocalTime.of(5, 0));

    @Test
    void a_window_may_cross_midnight() {
        assertThat(NIGHT.contains(LocalTime.of(21, 59))).isFalse();
        assertThat(NIGHT.contains(LocalTime.of(22, 0))).isTrue();
        assertThat(NIGHT.contains(LocalTime.MIDNIGHT)).isTrue();
        assertThat(NIGHT.contains(LocalTime.of(4, 59))).isTrue();
        assertThat(NIGHT.contains(LocalTime.of(5, 0))).isFalse();
    }

    @Test
    void a_firing_outside_the_window_is_passed_over() {
        Schedule quarterly = schedule("0 */15 * * * *", NIGHT);
        assertThat(quarterly.nextAfter(Instant.parse("2026-07-01T08:55:00Z")))
                .isEqualTo("2026-07-02T02:00:00Z"); // 22:00 in New York
        assertThat(quarterly.nextAfter(Instant.parse("2026-07-02T02:00:00Z")))
                .isEqualTo("2026-07-02T02:15:00Z");
        assertThat(quarterly.nextAfter(Instant.parse("2026-07-02T08:45:00Z")))
                .isEqualTo("2026-07-03T02:00:00Z");
    }

    @Test
    void the_time_of_day_is_the_zones_on_both_sides_of_a_clock_change() {
        Schedule daily = schedule("0 0 4 * * *", NIGHT);
        assertThat(daily.nextAfter(Instant.parse("2026-10-31T12:00:00Z")))
                .isEqualTo("2026-11-01T09:00:00Z");
        assertThat(daily.nextAfter(Instant.parse("2026-10-30T12:00:00Z")))
                .isEqualTo("2026-10-31T08:00:00Z");
    }

    @Test
    void an_hour_that_is_skipped_does_not_stop_the_schedule() {
        Schedule daily = schedule("0 30 2 * * *", null);
        Instant before = Instant.parse("2026-03-08T05:00:00Z");
        assertThat(daily.nextAfter(before))
                .isBetween(before, Instant.parse("2026-03-09T07:00:00Z"));
    }

    @Test
    void what_never_fires_has_no_next() {
        assertThat(schedule("0 0 12 * * *", NIGHT).nextAfter(Instant.EPOCH)).isNull();
        assertThat(schedule("0 0 2 31 2 *", null).nextAfter(Instant.EPOCH)).isNull();
        assertThat(schedule("0 0 2 29 2 *", NIGHT).nextAfter(Instant.EPOCH)).isNotNull();
    }

    private static Schedule schedule(String cron, Schedule.@Nullable Window window) {
        return new Schedule(
                CronExpression.parse(cron),
                ZoneId.of("America/New_York"),
                window,
                Schedule.Misfire.RUN_ONCE);
    }
}
