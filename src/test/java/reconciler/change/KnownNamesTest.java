package reconciler.change;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class KnownNamesTest {
    private final KnownNames names = KnownNames.of("per-minute", "learn");

    @Test
    void a_slip_of_the_pen_is_understood() {
        assertThat(names.nearest("per-minut")).contains("per-minute");
        assertThat(names.nearest("Per_Minute")).contains("per-minute");
        assertThat(names.nearest("lern")).contains("learn");
    }

    @Test
    void something_else_altogether_is_not_guessed_at() {
        assertThat(names.nearest("colour")).isEmpty();
        assertThat(names.hint("colour")).isEqualTo("; known are per-minute, learn");
    }

    @Test
    void nothing_is_near_when_nothing_is_known() {
        assertThat(KnownNames.of().nearest("learn")).isEmpty();
    }
}
