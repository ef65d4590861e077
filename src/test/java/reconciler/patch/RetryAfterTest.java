package reconciler.patch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-22T02:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "42 | 42",
                "' 42 ' | 42",
                "007 | 7",
                "00000000000000000000000000000042 | 42",
                "Sun, 22 Nov 2026 02:00:30 GMT | 30",
                "Sunday, 22-Nov-26 02:00:30 GMT | 30",
                "Sun Nov 22 02:00:30 2026 | 30",
                "Tue Dec  1 02:00:00 2026 | 777600",
            })
    void seconds_and_three_forms_of_dates_are_read(String header, long seconds) {
        assertThat(RetryAfter.parse(header, null, NOW)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "0",
                "-5",
                "+5",
                "1.5",
                "1e9",
                "soon",
                "٤٢",
                "PT5S",
                "Sun, 22 Nov 2026 01:00:00 GMT",
                "Sunday, 22-Nov-26 01:00:00 GMT",
                "Sun Nov 22 01:00:00 2026",
                "Sun, 99 Nov 2026 99:99:99 GMT",
                "\u0000"
            })
    void what_is_zero_past_or_garbage_says_nothing(String header) {
        assertThat(RetryAfter.parse(header, null, NOW)).isNull();
        assertThat(RetryAfter.parse(null, null, NOW)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9223372036854775807",
                "99999999999999999999999999",
                "Fri, 31 Dec 9999 23:59:59 GMT"
            })
    void what_is_absurd_is_a_year(String header) {
        assertThat(RetryAfter.parse(header, null, NOW)).isEqualTo(Duration.ofDays(366));
    }

    /// The answer's own clock is an hour behind ours, or ahead.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sun, 22 Nov 2026 01:00:30 GMT | Sun, 22 Nov 2026 01:00:00 GMT",
                "Sunday, 22-Nov-26 03:00:30 GMT | Sun Nov 22 03:00:00 2026",
            })
    void a_date_is_held_against_the_answers_own(String header, String date) {
        assertThat(RetryAfter.parse(header, date, NOW)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void seconds_need_no_clock_and_a_date_that_is_none_is_passed_over() {
        assertThat(RetryAfter.parse("30", "Sun, 22 Nov 2030 01:00:00 GMT", NOW))
                .isEqualTo(Duration.ofSeconds(30));
        assertThat(RetryAfter.parse("Sun, 22 Nov 2026 02:00:30 GMT", "today", NOW))
                .isEqualTo(Duration.ofSeconds(30));
    }
}
