package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reconciler.calendar.Cron;
import reconciler.calendar.Window;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ScheduleTest {
    private static final Window NIGHT = new Window(LocalTime.of(22, 0), LocalTime.of(5, 0));

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
        Schedule quarterly = schedule("*/15 * * * *", NIGHT);
        assertThat(quarterly.nextAfter(Instant.parse("2026-07-01T08:55:00Z")))
                .isEqualTo("2026-07-02T02:00:00Z"); // 22:00 in New York
        assertThat(quarterly.nextAfter(Instant.parse("2026-07-02T02:00:00Z")))
                .isEqualTo("2026-07-02T02:15:00Z");
        assertThat(quarterly.nextAfter(Instant.parse("2026-07-02T08:45:00Z")))
                .isEqualTo("2026-07-03T02:00:00Z");
    }

    @Test
    void the_time_of_day_is_the_zones_on_both_sides_of_a_clock_change() {
        Schedule daily = schedule("0 4 * * *", NIGHT);
        assertThat(daily.nextAfter(Instant.parse("2026-10-31T12:00:00Z")))
                .isEqualTo("2026-11-01T09:00:00Z");
        assertThat(daily.nextAfter(Instant.parse("2026-10-30T12:00:00Z")))
                .isEqualTo("2026-10-31T08:00:00Z");
    }

    @Test
    void an_hour_that_is_skipped_does_not_stop_the_schedule() {
        Schedule daily = schedule("30 2 * * *", null);
        Instant before = Instant.parse("2026-03-08T05:00:00Z");
        assertThat(daily.nextAfter(before))
                .isBetween(before, Instant.parse("2026-03-09T07:00:00Z"));
    }

    @Test
    void what_never_fires_has_no_next() {
        assertThat(schedule("0 12 * * *", NIGHT).nextAfter(Instant.EPOCH)).isNull();
        assertThat(schedule("0 2 31 2 *", null).nextAfter(Instant.EPOCH)).isNull();
        assertThat(schedule("0 2 29 2 *", NIGHT).nextAfter(Instant.EPOCH)).isNotNull();
    }

    /// Each line: schedule, zone, moment, the next firings, in minutes.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    0 2 * * *     | America/New_York    | 2026-03-07T12:00 | 2026-03-08T07:00 2026-03-09T06:00
                    30 2 * * SUN  | America/New_York    | 2026-03-07T12:00 | 2026-03-08T07:00 2026-03-15T06:30
                    30 2 8 * *    | America/New_York    | 2026-03-07T12:00 | 2026-03-08T07:00 2026-04-08T06:30
                    0,30 2 * * *  | America/New_York    | 2026-03-07T12:00 | 2026-03-08T07:00 2026-03-09T06:00
                    0 2,3 * * *   | America/New_York    | 2026-03-07T12:00 | 2026-03-08T07:00 2026-03-09T06:00
                    */5 2 8 3 *   | America/New_York    | 2026-03-07T12:00 | 2026-03-08T07:00 2027-03-08T07:00
                    30 * * * *    | America/New_York    | 2026-03-08T05:40 | 2026-03-08T06:30 2026-03-08T07:30
                    */20 * * * *  | America/New_York    | 2026-03-08T06:30 | 2026-03-08T06:40 2026-03-08T07:00
                    0 */2 * * *   | America/New_York    | 2026-03-08T04:00 | 2026-03-08T05:00 2026-03-08T07:00 2026-03-08T08:00
                    30 1 * * *    | America/New_York    | 2026-10-31T12:00 | 2026-11-01T05:30 2026-11-02T06:30
                    30 1 * * *    | America/New_York    | 2026-11-01T06:00 | 2026-11-02T06:30
                    0 2 * * *     | America/New_York    | 2026-10-31T12:00 | 2026-11-01T07:00 2026-11-02T07:00
                    30 * * * *    | America/New_York    | 2026-11-01T04:40 | 2026-11-01T05:30 2026-11-01T06:30 2026-11-01T07:30
                    */30 1 * * *  | America/New_York    | 2026-11-01T04:40 | 2026-11-01T05:00 2026-11-01T05:30 2026-11-01T06:00 2026-11-01T06:30 2026-11-02T06:00
                    15 2 * * *    | Australia/Lord_Howe | 2026-10-03T00:00 | 2026-10-03T15:30 2026-10-04T15:15
                    45 1 * * *    | Australia/Lord_Howe | 2026-04-04T00:00 | 2026-04-04T14:45 2026-04-05T15:15
                    30 0 * * *    | America/Sao_Paulo   | 2017-10-14T12:00 | 2017-10-15T03:00 2017-10-16T02:30
                    0 0 * * *     | America/Sao_Paulo   | 2018-02-17T12:00 | 2018-02-18T03:00 2018-02-19T03:00
                    30 23 * * *   | America/Sao_Paulo   | 2018-02-17T12:00 | 2018-02-18T01:30 2018-02-19T02:30
                    @daily        | Asia/Beirut         | 2026-03-28T12:00 | 2026-03-28T22:00 2026-03-29T21:00
                    @daily        | Africa/Cairo        | 2026-04-23T12:00 | 2026-04-23T22:00 2026-04-24T21:00
                    0 2 30 12 *   | Pacific/Apia        | 2011-12-01T00:00 | 2011-12-30T10:00 2012-12-29T12:00
                    0 2 * * *     | Pacific/Apia        | 2011-12-29T00:00 | 2011-12-29T12:00 2011-12-30T10:00 2011-12-30T12:00
                    0 * 30 12 *   | Pacific/Apia        | 2011-12-01T00:00 | 2011-12-30T10:00 2012-12-29T10:00
                    30 23 * * *   | Asia/Pyongyang      | 2018-05-04T00:00 | 2018-05-04T15:00 2018-05-05T14:30
                    0 2 29 2 *    | Asia/Kathmandu      | 2026-01-01T00:00 | 2028-02-28T20:15 2032-02-28T20:15
                    0 2 * * *     | UTC                 | 2026-03-07T12:00 | 2026-03-08T02:00 2026-03-09T02:00
                    """)
    void on_the_days_of_a_clock_change_it_does_what_cron_does(
            String cron, String zone, String moment, String firings) {
        var schedule =
                new Schedule(Cron.parse(cron), ZoneId.of(zone), null, Schedule.Misfire.RUN_ONCE);

        assertThat(firings(schedule, moment, firings)).isEqualTo(firings);
    }

    /// Each line: schedule, window, misfire, moment, the next firings in New York.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    0 2 * * *    | 01:00-05:00 | RUN_ONCE | 2026-03-07T12:00 | 2026-03-08T07:00 2026-03-09T06:00
                    0 2 * * *    | 02:00-03:00 | RUN_ONCE | 2026-03-07T12:00 | 2026-03-09T06:00 2026-03-10T06:00
                    0 2 * * SUN  | 02:00-03:00 | RUN_ONCE | 2026-03-07T12:00 | 2026-03-09T06:00 2026-03-15T06:00
                    0 2 * * SUN  | 02:00-03:00 | RUN_ONCE | 2026-03-08T12:00 | 2026-03-09T06:00 2026-03-15T06:00
                    0 2 * * SUN  | 02:00-03:00 | RUN_ONCE | 2026-03-08T07:00 | 2026-03-09T06:00 2026-03-15T06:00
                    0 2 * * SUN  | 02:00-03:00 | SKIP     | 2026-03-07T12:00 | 2026-03-15T06:00 2026-03-22T06:00
                    30 2 * * *   | 03:00-05:00 | RUN_ONCE | 2026-03-07T12:00 |
                    */20 * * * * | 22:00-02:30 | RUN_ONCE | 2026-03-08T06:30 | 2026-03-08T06:40 2026-03-09T02:00
                    */20 * * * * | 02:30-03:10 | RUN_ONCE | 2026-03-08T04:30 | 2026-03-08T07:00 2026-03-09T06:40 2026-03-09T07:00
                    30 1 * * *   | 01:30-02:00 | RUN_ONCE | 2026-10-31T12:00 | 2026-11-01T05:30 2026-11-02T06:30
                    */20 * * * * | 01:30-05:00 | RUN_ONCE | 2026-11-01T04:30 | 2026-11-01T05:40 2026-11-01T06:40 2026-11-01T07:00
                    0 0 * * *    | 22:00-24:00 | RUN_ONCE | 2026-10-31T12:00 |
                    """)
    void the_window_holds_on_the_days_of_a_clock_change(
            String cron,
            String window,
            Schedule.Misfire misfire,
            String moment,
            @Nullable String firings) {
        var schedule =
                new Schedule(
                        Cron.parse(cron),
                        ZoneId.of("America/New_York"),
                        Window.parse(window),
                        misfire);

        assertThat(firings(schedule, moment, firings)).isEqualTo(firings == null ? "" : firings);
    }

    @Test
    void the_latest_firing_is_the_last_one_up_to_now() {
        Schedule daily = schedule("0 4 * * *", null);
        Instant first = Instant.parse("2026-07-01T08:00:00Z");

        assertThat(daily.latest(first, Instant.parse("2026-07-04T07:59:59Z")))
                .isEqualTo("2026-07-03T08:00:00Z");
        assertThat(daily.latest(first, Instant.parse("2026-07-04T08:00:00Z")))
                .isEqualTo("2026-07-04T08:00:00Z");
    }

    private static String firings(Schedule schedule, String moment, @Nullable String expected) {
        var found = new StringJoiner(" ");
        @Nullable Instant next = Instant.parse(moment + ":00Z");
        for (int i = 0; i < (expected == null ? 1 : expected.split(" ").length); i++) {
            next = schedule.nextAfter(next);
            if (next == null) {
                break;
            }
            found.add(next.toString().replace(":00Z", ""));
        }
        return found.toString();
    }

    private static Schedule schedule(String cron, @Nullable Window window) {
        return new Schedule(
                Cron.parse(cron), ZoneId.of("America/New_York"), window, Schedule.Misfire.RUN_ONCE);
    }
}
