package reconciler.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Objects;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class WindowTest {
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

    @Test
    void midnight_has_two_names() {
        assertThat(Window.parse("22:00-24:00"))
                .isEqualTo(new Window(LocalTime.of(22, 0), LocalTime.MIDNIGHT));
        assertThat(Window.parse("24:00 - 5:00"))
                .isEqualTo(new Window(LocalTime.MIDNIGHT, LocalTime.of(5, 0)));
    }

    @Test
    void the_whole_day_is_no_restriction() {
        assertThat(Window.parse("00:00-24:00")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    05:00-05:00             | a window of no length
                    00:00-00:00             | a window of no length
                    24:00-24:00             | a window of no length
                    22:00-25:00             | there is no time of day 25:00
                    22:60-05:00             | there is no time of day 22:60
                    22:00-24:30             | there is no time of day 24:30
                    22:00                   | two times of day
                    10pm-5am                | two times of day
                    01:00-02:00,03:00-04:00 | one window
                    """)
    void what_is_no_window_is_refused_with_its_reason(String text, String reason) {
        assertThatThrownBy(() -> Window.parse(text)).hasMessageContaining(reason);
    }

    /// New York skips 02:00 to 03:00 on 2026-03-08 and repeats 01:00 to 02:00 on 2026-11-01.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    22:00-05:00 | 2026-03-07T12:00:00Z | 2026-03-08T03:00:00Z | 2026-03-08T09:00:00Z
                    02:30-05:00 | 2026-03-08T05:00:00Z | 2026-03-08T07:00:00Z | 2026-03-08T09:00:00Z
                    01:00-02:30 | 2026-03-08T05:00:00Z | 2026-03-08T06:00:00Z | 2026-03-08T07:00:00Z
                    02:00-03:00 | 2026-03-08T05:00:00Z | 2026-03-09T06:00:00Z | 2026-03-09T07:00:00Z
                    22:00-05:00 | 2026-10-31T12:00:00Z | 2026-11-01T02:00:00Z | 2026-11-01T10:00:00Z
                    01:00-02:00 | 2026-11-01T04:00:00Z | 2026-11-01T05:00:00Z | 2026-11-01T07:00:00Z
                    01:30-05:00 | 2026-11-01T04:00:00Z | 2026-11-01T05:30:00Z | 2026-11-01T06:00:00Z
                    01:30-05:00 | 2026-11-01T06:10:00Z | 2026-11-01T06:30:00Z | 2026-11-01T10:00:00Z
                    """)
    void it_is_open_while_the_clock_shows_a_time_inside(
            String text, Instant moment, Instant opens, Instant closes) {
        Window window = Objects.requireNonNull(Window.parse(text));

        assertThat(window.isOpenAt(moment, NEW_YORK)).isFalse();
        assertThat(window.opensAfter(moment, NEW_YORK)).isEqualTo(opens);
        assertThat(window.closesAfter(opens, NEW_YORK)).isEqualTo(closes);
    }

    @Test
    void a_day_that_a_zone_skips_has_no_opening() {
        Window window = Objects.requireNonNull(Window.parse("02:00-05:00"));

        assertThat(
                        window.opensAfter(
                                Instant.parse("2011-12-30T09:00:00Z"), ZoneId.of("Pacific/Apia")))
                .isEqualTo("2011-12-30T12:00:00Z"); // 02:00 of the 31st
    }
}
