package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reconciler.cli.Desk.Said;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RunReportsTest {
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

    @Test
    void a_run_with_nothing_to_do_is_one_line() {
        Said said = desk.says("run", "quick");

        assertThat(said.exit()).isZero();
        assertThat(said.out()).isEmpty();
        assertThat(said.err())
                .isEqualToIgnoringNewLines("run 1 of job quick: exit 0, nothing was due");
        assertThat(desk.says("run", "quick", "-o", "json").out()).startsWith("{");
    }

    @Test
    void the_time_of_the_requests_is_told_apart_from_that_of_the_run() {
        desk.order().queue();

        assertThat(desk.says("run", "quick").err())
                .containsPattern(
                        "\\n2 requests in [0-9.]+ s \\([0-9.]+/s\\), 0 answered 429; the run took [0-9.]+ s\\n");
    }
}
