package reconciler.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZoneId;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PointInTimeTest {
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    2026-11-23T18:00:00Z                   | 2026-11-23T18:00:00Z
                    2026-11-23t18:00z                      | 2026-11-23T18:00:00Z
                    2026-11-23 18:00:00.25+05:45           | 2026-11-23T12:15:00.250Z
                    2026-11-23T18:00:00,5 +0545            | 2026-11-23T12:15:00.500Z
                    2026-11-23 18:00:00.123456+00          | 2026-11-23T18:00:00.123456Z
                    2026-11-23T18:00-00:00                 | 2026-11-23T18:00:00Z
                    2026-11-23T24:00Z                      | 2026-11-24T00:00:00Z
                    2028-02-29T12:00Z                      | 2028-02-29T12:00:00Z
                    2026-11-23 18:00 America/New_York      | 2026-11-23T23:00:00Z
                    2026-11-23 18:00 UTC                   | 2026-11-23T18:00:00Z
                    2026-11-23T18:00-05:00[America/New_York] | 2026-11-23T23:00:00Z
                    2026-11-23T18:00[Europe/Berlin]        | 2026-11-23T17:00:00Z
                    2026-11-01T01:30-05:00                 | 2026-11-01T06:30:00Z
                    2026-07-01T18:00                       | 2026-07-01T22:00:00Z
                    2026-11-23 24:00                       | 2026-11-24T05:00:00Z
                    """)
    void a_moment_is_read(String text, String moment) {
        assertThat(PointInTime.parse(text, NEW_YORK)).isEqualTo(moment);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    2026-11-01T01:30        | this time comes twice in America/New_York: write 2026-11-01T01:30-04:00 (2026-11-01T05:30:00Z) or 2026-11-01T01:30-05:00 (2026-11-01T06:30:00Z)
                    2026-03-08 02:30        | the clock in America/New_York skips this time, from 2026-03-08T02:00 to 2026-03-08T03:00: write 2026-03-08T03:30-04:00 (2026-03-08T07:30:00Z) or 2026-03-08T01:30-05:00 (2026-03-08T06:30:00Z)
                    2026-03-29 02:30 Europe/Berlin | the clock in Europe/Berlin skips this time
                    2026-11-23T23:59:60Z    | leap seconds are not counted
                    2026-11-23T23:59:61Z    | from 00:00:00 to 24:00:00
                    2026-11-23T24:01Z       | from 00:00:00 to 24:00:00
                    2026-02-29T10:00Z       | February 2026 has 28 days
                    2026-04-31T10:00Z       | April 2026 has 30 days
                    2026-13-01T10:00Z       | a date is year-month-day
                    20026-11-23T10:00Z      | the year has 5 digits
                    26-11-23T10:00Z         | the year has 2 digits
                    0000-11-23T10:00Z       | the year is from 0001 to 9998
                    9999-11-23T10:00Z       | the year is from 0001 to 9998
                    2026-11-23              | write 2026-11-23T00:00 for its begin or 2026-11-23T24:00 for its end
                    2026-11-23Z             | a date alone has no time of day
                    2026-11-23T10:00+19:00  | an offset is from -18:00 to +18:00
                    2026-11-23T10:00+05:99  | an offset is from -18:00 to +18:00
                    2026-11-23T10:00 EST    | EST has no daylight saving
                    2026-11-23T10:00 PST    | expected a time zone
                    2026-11-23T10:00 america/new_york | did you mean America/New_York?
                    2026-11-23T18:00-04:00[America/New_York] | the offset is not -04:00 then
                    46349.75                | a spreadsheet's count of days
                    1795456800              | a count of seconds since 1970
                    23.11.2026 18:00        | no certain order
                    11/23/2026              | no certain order
                    2026/11/23 18:00Z       | no certain order
                    2026-11-23 6:00 pm      | 6 pm is 18:00
                    18:00Z                  | has no date
                    tomorrow                | a date, a time of day and an offset
                    20261123T180000Z        | a date, a time of day and an offset
                    """)
    void what_is_no_moment_is_refused_with_its_reason(String text, String reason) {
        assertThatThrownBy(() -> PointInTime.parse(text, NEW_YORK))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining(reason);
    }

    @Test
    void without_a_zone_the_offset_is_demanded() {
        assertThatThrownBy(() -> PointInTime.parse("2026-11-23T18:00", null))
                .hasMessageContaining("the offset is missing: add one, such as 2026-11-23T18:00Z");
    }
}
