package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TableSheetTest {
    private static final List<String> COLUMNS = List.of("change", "outcome", "in words");
    private static final String WORDS =
            "the API confirmed the value, after a request that was answered too late to tell";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Test
    void in_a_file_a_row_is_a_line_without_symbols_and_colours() {
        assertThat(written(Screen.PLAIN))
                .hasLineCount(2)
                .doesNotContain("\u001b", "\u2714")
                .contains("  4711  APPLIED  " + WORDS);
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 60, 80, 100, 200})
    void on_a_screen_no_line_is_longer_than_it_is_wide_and_nothing_is_lost(int width) {
        String table = written(new Screen(width, true, false));

        assertThat(table.lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(width));
        assertThat(table.split("\\s+")).contains(WORDS.split(" ")).contains("4711", "\u2714");
    }

    @Test
    void status_words_have_a_colour_that_takes_no_room() {
        String table = written(new Screen(200, true, true));

        assertThat(table).contains("\u001b[32m\u2714 APPLIED\u001b[0m  the API");
        assertThat(table.replaceAll("\u001b\\[[0-9]+m", ""))
                .isEqualTo(new TableSheetTest().written(new Screen(200, true, false)));
    }

    @Test
    void the_screen_is_what_the_environment_says() {
        assertThat(Screen.of(Map.of("COLUMNS", "120"), true))
                .isEqualTo(new Screen(120, true, true));
        assertThat(Screen.of(Map.of("COLUMNS", "120", "NO_COLOR", "1"), true))
                .isEqualTo(new Screen(120, true, false));
        assertThat(Screen.of(Map.of("TERM", "dumb"), true))
                .isEqualTo(new Screen(Screen.UNLIMITED, true, false));
        assertThat(Screen.of(Map.of("COLUMNS", "7"), true).columns()).isEqualTo(Screen.UNLIMITED);
        assertThat(Screen.of(Map.of("COLUMNS", "120"), false)).isEqualTo(Screen.PLAIN);
        assertThat(Screen.PLAIN.in(Screen.Colour.ALWAYS).colour()).isTrue();
        assertThat(new Screen(80, true, true).in(Screen.Colour.NEVER).colour()).isFalse();
    }

    private String written(Screen screen) {
        try (var sheet = new TableSheet(new StandardOutput(bytes, screen), COLUMNS)) {
            sheet.row(List.of(4711, "APPLIED", WORDS));
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
