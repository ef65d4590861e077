package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reconciler.cli.Desk.Said;

/// An atomic set at the command line, from its file to its undo.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AtomicSetTest {
    private static final String HEADER =
            "conversation_id,participant_id,participant_role,attr:skill,attr:level\n";

    @TempDir private Path folder;
    private Desk desk;

    private final String conversation = UUID.randomUUID().toString();
    private final String one = UUID.randomUUID().toString();
    private final String other = UUID.randomUUID().toString();

    @BeforeEach
    void open() {
        desk = new Desk(folder);
        for (String participant : new String[] {one, other}) {
            has(participant, Map.of("skill", "old", "level", "0"));
        }
    }

    @AfterEach
    void close() {
        desk.close();
    }

    @Test
    void is_told_planned_applied_and_undone_as_what_it_is() {
        assertThat(queue("--atomic").out()).startsWith("change set 1: 4 changes queued");

        assertThat(desk.says("plan", "1", "--job", "quick").out())
                .contains(
                        "4 rows are atomic: what a set asks of a participant goes in one request, or not at all.");
        assertThat(desk.says("explain", "1").out())
                .contains("sent together with change 2 or not at all");

        assertThat(desk.says("run", "quick", "--quiet").exit()).isZero();
        has(one, Map.of("skill", "a", "level", "somebody's"));

        Said undo = desk.says("undo", "1", "--job", "quick", "--yes");
        assertThat(undo.out())
                .as(undo.err())
                .contains("1 changed since, left out")
                .contains("1 goes with one that is left out, left out")
                .contains("change set 2: 2 changes queued, to undo change set 1");
        assertThat(desk.says("run", "quick", "--quiet").exit()).isZero();
        assertThat(value(one, "skill")).isEqualTo("a");
        assertThat(value(other, "skill")).isEqualTo("old");
        assertThat(value(other, "level")).isEqualTo("0");
    }

    @Test
    void a_change_that_is_withdrawn_takes_the_rest_of_its_group_along() {
        queue("--atomic");

        assertThat(desk.says("cancel", "--change", "1", "--reason", "not this one").out())
                .isEqualToIgnoringNewLines(
                        "change 1: cancelled, and with it 1 change of the same participant: they are applied all or"
                                + " not at all");
        desk.says("run", "quick", "--quiet");
        assertThat(desk.says("outcomes", "--status", "applied", "-o", "jsonl").out())
                .hasLineCount(2);
    }

    @Test
    void is_not_queued_in_part() {
        Said refused = queue("--atomic", "--partial");

        assertThat(refused.exit()).isEqualTo(64);
        assertThat(refused.err())
                .contains("--partial leaves bad lines out, which may be a part of what --atomic");
    }

    private Said queue(String... options) {
        String lines =
                conversation
                        + ","
                        + one
                        + ",contact,a,2\n"
                        + conversation
                        + ","
                        + other
                        + ",contact,b,3\n";
        String file = desk.write("orders.csv", HEADER + lines).toString();
        var command = new String[options.length + 2];
        command[0] = "queue";
        command[1] = file;
        System.arraycopy(options, 0, command, 2, options.length);
        return desk.says(command);
    }

    private void has(String participant, Map<String, String> attributes) {
        desk.simulator.conversations().add(conversation, participant, "customer", attributes);
    }

    private String value(String participant, String attribute) {
        return desk.simulator
                .conversations()
                .value(conversation, participant, attribute)
                .orElse("");
    }
}
