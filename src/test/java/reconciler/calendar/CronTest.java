package reconciler.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CronTest {
    /// 2026-07-01 was a Wednesday.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
                    0 2 * * *        | 2026-07-01T02:00 2026-07-02T02:00 2026-07-03T02:00
                    @daily           | 2026-07-02T00:00 2026-07-03T00:00 2026-07-04T00:00
                    @Midnight        | 2026-07-02T00:00 2026-07-03T00:00 2026-07-04T00:00
                    @hourly          | 2026-07-01T01:00 2026-07-01T02:00 2026-07-01T03:00
                    @weekly          | 2026-07-05T00:00 2026-07-12T00:00 2026-07-19T00:00
                    @monthly         | 2026-08-01T00:00 2026-09-01T00:00 2026-10-01T00:00
                    @yearly          | 2027-01-01T00:00 2028-01-01T00:00 2029-01-01T00:00
                    @ANNUALLY        | 2027-01-01T00:00 2028-01-01T00:00 2029-01-01T00:00
                    0 22-2 * * *     | 2026-07-01T01:00 2026-07-01T02:00 2026-07-01T22:00
                    0 22-4/2 * * *   | 2026-07-01T02:00 2026-07-01T04:00 2026-07-01T22:00
                    50-10/10 1 * * * | 2026-07-01T01:00 2026-07-01T01:10 2026-07-01T01:50
                    0 2 * * SAT-MON  | 2026-07-04T02:00 2026-07-05T02:00 2026-07-06T02:00
                    0 2 * * 5-7      | 2026-07-03T02:00 2026-07-04T02:00 2026-07-05T02:00
                    0 2 * * 7-1      | 2026-07-05T02:00 2026-07-06T02:00 2026-07-12T02:00
                    0 2 * * 0-7      | 2026-07-01T02:00 2026-07-02T02:00 2026-07-03T02:00
                    0 2 * * 7        | 2026-07-05T02:00 2026-07-12T02:00 2026-07-19T02:00
                    0 2 * * sunday   | 2026-07-05T02:00 2026-07-12T02:00 2026-07-19T02:00
                    0 2 1 nov-Feb *  | 2026-11-01T02:00 2026-12-01T02:00 2027-01-01T02:00
                    0 2 28-2 * *     | 2026-07-01T02:00 2026-07-02T02:00 2026-07-28T02:00
                    */7 1 * * *      | 2026-07-01T01:00 2026-07-01T01:07 2026-07-01T01:14
                    5/15 1 * * *     | 2026-07-01T01:05 2026-07-01T01:20 2026-07-01T01:35
                    0 2 29 2 *       | 2028-02-29T02:00 2032-02-29T02:00 2036-02-29T02:00
                    0 2 31 * *       | 2026-07-31T02:00 2026-08-31T02:00 2026-10-31T02:00
                    0 2 L * *        | 2026-07-31T02:00 2026-08-31T02:00 2026-09-30T02:00
                    0 2 L-2 * *      | 2026-07-29T02:00 2026-08-29T02:00 2026-09-28T02:00
                    0 2 LW * *       | 2026-07-31T02:00 2026-08-31T02:00 2026-09-30T02:00
                    0 2 15W * *      | 2026-07-15T02:00 2026-08-14T02:00 2026-09-15T02:00
                    0 2 1,L * *      | 2026-07-01T02:00 2026-07-31T02:00 2026-08-01T02:00
                    0 2 * * FRI#2    | 2026-07-10T02:00 2026-08-14T02:00 2026-09-11T02:00
                    0 2 * * 5L       | 2026-07-31T02:00 2026-08-28T02:00 2026-09-25T02:00
                    0 2 ? * fril     | 2026-07-31T02:00 2026-08-28T02:00 2026-09-25T02:00
                    0 2 1 * MON      | 2026-07-01T02:00 2026-07-06T02:00 2026-07-13T02:00
                    0 2 13 * FRI     | 2026-07-03T02:00 2026-07-10T02:00 2026-07-13T02:00
                    0 2 */2 * MON    | 2026-07-13T02:00 2026-07-27T02:00 2026-08-03T02:00
                    0 2 ? * MON      | 2026-07-06T02:00 2026-07-13T02:00 2026-07-20T02:00
                    0  2\t* * *      | 2026-07-01T02:00 2026-07-02T02:00 2026-07-03T02:00
                    """)
    void a_line_means_what_it_means_to_cron(String line, String times) {
        Cron cron = Cron.parse(line.replace("\\t", "\t"));
        List<String> found = new ArrayList<>();
        LocalDateTime moment = LocalDateTime.parse("2026-07-01T00:00");
        for (int i = 0; i < 3; i++) {
            moment = Objects.requireNonNull(cron.next(moment));
            found.add(moment.toString());
        }
        assertThat(String.join(" ", found)).isEqualTo(times);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
                    @reboot             | systemd or cron
                    @every 5m           | */15 * * * *
                    @nightly            | @annually, @daily, @hourly, @midnight, @monthly, @weekly, @yearly
                    0 2 * *             | expected five fields (minute hour day-of-month month day-of-week), such as "0 2 * * *", found 4
                    0 0 2 * * *         | leave out the first one, the seconds of Quartz and Spring
                    0 0 2 * * ? 2027    | the seconds of Quartz and Spring, and the last one, the year
                    15 2 * * ? 2027     | the last one of AWS
                    0 2 * * * /bin/true | a command of a crontab
                    CRON_TZ=UTC 0 2 * * * | the zone has a key of its own
                    60 * * * *          | the minute is a number from 0 to 59, found 60 (the full hour is 0)
                    0 24 * * *          | the hour is a number from 0 to 23, found 24 (midnight is 0)
                    0 2 0 * *           | the day of the month is a number from 1 to 31, found 0
                    0 2 * 13 *          | the month is a number from 1 to 12 or a name from JAN to DEC, found 13
                    0 2 * * 8           | the day of the week is a number from 0 to 7 or a name from SUN to SAT, found 8
                    0 2 * * MOO         | found "MOO"
                    0 two * * *         | the hour is a number from 0 to 23, found "TWO"
                    ? 2 * * *           | the minute cannot be ?: only a day can
                    H 2 * * *           | only Jenkins reads
                    H/15 * * * *        | only Jenkins reads
                    0~59 2 * * *        | a random range
                    0 1–5 * * *         | a dash that is not the hyphen
                    */0 * * * *         | the minute has a step that is no number from 1 up
                    */90 * * * *        | a step of 90, which begins anew before it ends
                    */60 * * * *        | a step is at most 59
                    0 */24 * * *        | a step is at most 23
                    /5 * * * *          | a step without a range: write */5
                    1,,2 * * * *        | nothing between two commas
                    1, * * * *          | at an end of its list
                    1- * * * *          | found nothing
                    -5 * * * *          | a negative number
                    0 2 28-3/2 * *      | no fixed length
                    0 2 * * L           | SAT for every Saturday
                    0 2 * * FRI#6       | one to five times in a month
                    0 2 * * 15W         | they are days of the month, the third field
                    0 2 FRI#2 * *       | are days of the week, the fifth field
                    0 2 5L * *          | are days of the week, the fifth field
                    0 2 L-31 * *        | L-1 to L-30
                    0 L * * *           | only a day can
                    """)
    void what_is_not_read_is_refused_with_its_reason(String line, String reason) {
        assertThatThrownBy(() -> Cron.parse(line))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining(reason);
    }

    @Test
    void nothing_is_refused_with_an_example() {
        assertThatThrownBy(() -> Cron.parse("  ")).hasMessageContaining("found nothing");
    }

    @Test
    void a_distance_is_told_from_a_time_of_day() {
        assertThat(
                        List.of(
                                "0 * * * *",
                                "*/5 2 * * *",
                                "5/15 2 * * *",
                                "7 0-23 * * *",
                                "0 */1 * * *"))
                .allMatch(line -> Cron.parse(line).runsThroughRepeatedHours());
        assertThat(List.of("0 2 * * *", "0,30 1-3 * * *", "0 */2 * * *", "0 0-22 * * *"))
                .noneMatch(line -> Cron.parse(line).runsThroughRepeatedHours());
    }

    @Test
    void what_never_comes_has_no_next() {
        assertThat(Cron.parse("0 2 31 2,4 *").next(LocalDateTime.parse("2026-07-01T00:00")))
                .isNull();
    }
}
