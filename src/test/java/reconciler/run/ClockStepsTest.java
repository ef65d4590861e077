package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ClockStepsTest {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

    private final ClockSteps steps = new ClockSteps();

    @Test
    void the_first_reading_is_no_step() {
        assertThat(saw(0, 0)).isNull();
    }

    @Test
    void a_clock_that_goes_as_ours_does_not_step() {
        for (int second = 0; second < 100; second++) {
            assertThat(saw(second * 1_000, second * 1_000 + (second % 3) * 100)).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-3_600_000, -3_000, -600, 600, 3_000, 3_600_000})
    void a_clock_that_was_set_is_noticed_once(long by) {
        saw(0, 0);
        assertThat(saw(1_000, 1_000 + by)).isEqualTo(Duration.ofMillis(by));
        assertThat(saw(2_000, 2_000 + by)).isNull();
    }

    @Test
    void an_answer_that_took_long_says_little() {
        saw(0, 0);
        assertThat(steps.saw(NOON.plusMillis(1_000), 0, Duration.ofSeconds(8).toNanos())).isNull();
        assertThat(saw(9_000, 9_000)).isNull();
    }

    @Test
    void a_step_is_told_in_words() {
        assertThat(new ClockStep(NOON, Duration.ofMillis(3_040)).inWords())
                .isEqualTo("3.0 s forward");
        assertThat(new ClockStep(NOON, Duration.ofMillis(-90_000)).inWords())
                .isEqualTo("90.0 s backward");
    }

    private Duration saw(long ourMillis, long theirMillis) {
        long ours = Duration.ofMillis(ourMillis).toNanos();
        return steps.saw(NOON.plusMillis(theirMillis), ours, ours);
    }
}
