package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reconciler.cli.Desk.Said;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TemplateCommandTest {
    @TempDir private Path folder;

    private Desk desk;

    @BeforeEach
    void open() {
        desk = new Desk(folder);
    }

    @AfterEach
    void close() {
        desk.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--wide tier,language"})
    void the_file_has_nothing_to_queue_and_takes_the_example(String options) {
        Said template = desk.says(("template " + options).strip().split(" "));
        assertThat(template.exit()).isZero();
        String example =
                template.err()
                        .lines()
                        .filter(line -> line.startsWith("Example: "))
                        .map(line -> line.substring("Example: ".length()))
                        .findFirst()
                        .orElseThrow();

        Path empty = desk.write("empty.csv", template.out());
        Path filled = desk.write("filled.csv", template.out() + example + "\n");

        assertThat(desk.says("queue", empty.toString()))
                .satisfies(said -> assertThat(said.exit()).isEqualTo(65))
                .satisfies(said ->
                        assertThat(said.err()).contains("there are no lines after the header"));
        Said good = desk.says("validate", filled.toString());
        assertThat(good.exit()).as(good.err()).isZero();
    }

    @Test
    void the_columns_are_those_of_the_form() {
        assertThat(desk.says("template").out())
                .isEqualToIgnoringNewLines(
                        "conversation_id,participant_id,participant_role,attribute_name,attribute_value,not_before,apply_by");
        assertThat(desk.says("template", "--wide", "tier, language").out())
                .isEqualToIgnoringNewLines(
                        "conversation_id,participant_id,participant_role,attr:tier,attr:language,not_before,apply_by");
    }

    @Test
    void names_that_are_no_list_are_refused() {
        for (String names : List.of("tier,tier", "tier,,language")) {
            assertThat(desk.says("template", "--wide", names))
                    .satisfies(said -> assertThat(said.exit()).isEqualTo(64))
                    .satisfies(said -> assertThat(said.out()).isEmpty());
        }
    }
}
