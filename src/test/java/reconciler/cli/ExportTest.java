package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reconciler.cli.Desk.Said;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ExportTest {
    private static final String HEADER =
            "conversation_id,participant_id,participant_role,attribute_name,attribute_value\n";

    @TempDir Path folder;
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
    void failed_rows_come_back_as_a_file_that_queue_takes_and_a_run_applies() {
        String conversation = UUID.randomUUID().toString();
        String participant = UUID.randomUUID().toString();
        String lines =
                conversation
                        + ","
                        + participant
                        + ",contact,tier,=1+1\n"
                        + conversation
                        + ","
                        + participant
                        + ",contact,phone,\"+49 30, \"\"x\"\"\"\n";
        queue("first.csv", HEADER + lines);
        desk.says("run", "quick", "--quiet");
        for (String format : List.of("csv", "jsonl")) {
            Said again =
                    desk.says("outcomes", "--status", "rejected", "--as-changes", "-o", format);
            assertThat(again.exit()).isZero();
            if (format.equals("csv")) {
                assertThat(again.out()).contains(",tier,=1+1");
            }
            assertThat(desk.says("validate", write(format, again.out())).exit()).isZero();
        }
        desk.simulator.conversations().add(conversation, participant, "customer");
        queue("again.csv", desk.says("outcomes", "--as-changes", "-o", "csv").out());
        desk.says("run", "quick", "--quiet");

        Said csv = desk.says("outcomes", "--status", "applied", "-o", "csv");
        assertThat(csv.out()).contains(",'=1+1,").contains("\"'+49 30, \"\"x\"\"\"");
        assertThat(desk.says("outcomes", "--status", "applied", "-o", "csv", "--raw").out())
                .contains(",=1+1,");
        assertThat(desk.says("outcomes", "--as-changes", "--status", "rejected", "-o", "csv").out())
                .as("a later change was applied")
                .isEqualToNormalizingNewlines(HEADER);
    }

    @Test
    void an_empty_value_goes_out_and_comes_back() {
        String conversation = UUID.randomUUID().toString();
        String participant = UUID.randomUUID().toString();
        String line = conversation + "," + participant + ",contact,tier,\n";
        assertThat(desk.says("queue", write("empty.csv", HEADER + line), "--allow-empty").exit())
                .isZero();
        desk.says("run", "quick", "--quiet");

        Said again = desk.says("outcomes", "--as-changes", "-o", "csv");

        assertThat(again.err())
                .contains("1 change asks for an empty value: queue the file with --allow-empty");
        desk.simulator.conversations().add(conversation, participant, "customer");
        String file = write("again.csv", again.out());
        assertThat(desk.says("queue", file).err()).contains("expected a value, found nothing");
        assertThat(desk.says("queue", file, "--allow-empty", "--again").exit()).isZero();
        desk.says("run", "quick", "--quiet");
        assertThat(desk.says("outcomes", "--status", "applied", "-o", "jsonl").out())
                .hasLineCount(1);
    }

    @Test
    void every_filter_restricts() {
        Said nothing = desk.says("outcomes", "-o", "jsonl");
        assertThat(nothing.out()).isEmpty();
        String conversation = UUID.randomUUID().toString();
        String participant = UUID.randomUUID().toString();
        desk.simulator.conversations().add(conversation, participant, "customer");
        queue("one.csv", HEADER + conversation + "," + participant + ",contact,tier,gold\n");
        desk.says("run", "quick", "--quiet");
        for (String filter :
                List.of(
                        "--conversation " + conversation,
                        "--participant " + participant,
                        "--role contact",
                        "--attribute tier",
                        "--requested-by kim",
                        "--since -1h",
                        "--until +1h")) {
            assertThat(outcomes(filter)).as(filter).hasLineCount(1);
        }
        for (String filter :
                List.of(
                        "--conversation " + participant,
                        "--role agent",
                        "--attribute tie",
                        "--error participant.not.found",
                        "--requested-by sam",
                        "--since +1h",
                        "--until -1h")) {
            assertThat(outcomes(filter)).as(filter).isEmpty();
        }
    }

    @Test
    void a_run_and_a_set_without_outcomes_are_no_mistake() {
        assertThat(desk.says("run", "quick").exit()).isZero();
        long set = desk.orders.set();

        assertThat(desk.says("outcomes", "--run", "1").exit()).isZero();
        assertThat(desk.says("outcomes", "--set", String.valueOf(set)).exit()).isZero();
        assertThat(desk.says("outcomes", "--run", "2").exit()).isEqualTo(65);
        assertThat(desk.says("outcomes", "--set", String.valueOf(set + 1)).exit()).isEqualTo(65);
    }

    @Test
    void the_urgent_go_first() {
        desk.write(
                "slow.yml",
                """
                job: slow
                partitions: {per-role: 1, chunk: 1}
                canary: {per-role: 1, stop-above: 100%}
                """);
        var calm = new StringBuilder(HEADER);
        var urgent = new StringBuilder(HEADER);
        for (int i = 0; i < 6; i++) {
            String conversation = UUID.randomUUID().toString();
            String participant = UUID.randomUUID().toString();
            desk.simulator.conversations().add(conversation, participant, "customer");
            (i < 3 ? calm : urgent)
                    .append(conversation + "," + participant + ",contact,tier,v" + i + "\n");
        }
        queue("calm.csv", calm.toString());
        assertThat(
                        desk.says(
                                        "queue",
                                        write("urgent.csv", urgent.toString()),
                                        "--priority",
                                        "9",
                                        "--apply-by",
                                        "+2h")
                                .exit())
                .isZero();
        desk.says("run", "slow", "--quiet");
        List<String> sets =
                desk.says("outcomes", "-o", "csv")
                        .out()
                        .lines()
                        .skip(1)
                        .map(line -> line.split(",")[2])
                        .toList();
        assertThat(sets).containsExactly("2", "2", "2", "1", "1", "1");
    }

    @Test
    void contradictions_are_told_in_a_sentence() {
        for (String wrong :
                List.of(
                        "outcomes --raw",
                        "outcomes --as-changes",
                        "outcomes --since yesterday",
                        "queue x.csv --priority 101",
                        "queue x.csv --not-before +2h --apply-by +1h")) {
            Said said = desk.says(wrong.split(" "));
            assertThat(said.exit()).as(wrong).isEqualTo(64);
            assertThat(said.err()).as(wrong).startsWith("reconciler: ").hasLineCount(1);
        }
    }

    private String outcomes(String filter) {
        return desk.says(("outcomes -o jsonl " + filter).split(" ")).out();
    }

    private void queue(String name, String text) {
        assertThat(desk.says("queue", write(name, text), "--by", "kim").exit()).isZero();
    }

    private String write(String name, String text) {
        return desk.write(name, text).toString();
    }
}
