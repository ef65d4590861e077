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

/// What goes on is what ended early, and nothing else.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ResumeCommandTest {
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
    void a_run_of_a_plan_goes_on_by_the_same_plan() {
        long set = desk.orders.set();
        long planned = desk.order().inSet(set).queue();
        Said plan = desk.says("plan", "" + set, "--job", "quick");
        assertThat(plan.exit()).as(plan.err()).isZero();
        endEarly("run", "quick", "--plan", "p_1");
        long queuedLater = desk.order().queue();

        Said said = desk.says("resume");

        assertThat(said.exit()).as(said.err()).isZero();
        assertThat(said.err()).contains("a new run takes what is left of plan p_1");
        assertThat(desk.orders.state(planned)).isEqualTo("APPLIED");
        assertThat(desk.orders.state(queuedLater)).isEqualTo("PENDING");
    }

    @Test
    void a_probe_is_not_what_ended_early() {
        long change = desk.order().queue();
        endEarly("run", "quick");
        desk.simulator.faults().add("403");
        Said probe = desk.says("probe", "" + change, "--job", "quick", "--send");
        assertThat(probe.exit()).as(probe.err()).isEqualTo(77);
        desk.simulator.faults().clear();

        assertThat(desk.says("resume", "2").exit()).isEqualTo(65);
        assertThat(desk.says("resume", "2").err()).contains("run 2 was one change by hand");
        Said said = desk.says("resume");

        assertThat(said.exit()).as(said.err()).isZero();
        assertThat(said.err()).contains("Run 1 of job quick ended early");
        assertThat(desk.orders.state(change)).isEqualTo("APPLIED");
    }

    /// The permission is withdrawn, and given back.
    private void endEarly(String... command) {
        desk.simulator.faults().add("403");
        Said said = desk.says(command);
        assertThat(said.exit()).as(said.err()).isEqualTo(77);
        desk.simulator.faults().clear();
    }
}
