package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reconciler.simulator.Population;

/// What happens to the process itself, started by the launcher as it is installed.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(120)
class ProcessTroubleTest {
    private static final int ROWS = 300;

    /// 300 rows of 200,000 letters: more than fits into the heap below, a page at a time too.
    private static final String LARGE =
            """
            INSERT INTO reconciler.attribute_change (conversation_id, participant_id, participant_role,
                                                     attribute_name, attribute_value, requested_by)
            SELECT md5('c' || n)::uuid, md5('p' || n)::uuid, 'contact', 'a', repeat(md5(n::text), 6250), 'kim'
              FROM generate_series(1, 300) AS n
            """;

    @TempDir private Path directory;

    @Test
    void a_run_that_is_out_of_memory_is_gone_at_once_and_the_next_one_finishes() {
        try (var scenario =
                new Scenario(settings ->
                        settings.strangers(Population.Strangers.ADOPTED).valueLength(300_000))) {
            scenario.jdbc.sql(LARGE).update();
            Installed installed =
                    Installed.in(directory, scenario, "partitions: {per-role: 1, chunk: 300}")
                            .with("RECONCILER_JAVA_OPTS", "-Xmx40m");

            Installed.Ended ended = installed.says("run", "quick");

            assertThat(ended.exit()).as(ended.err()).isEqualTo(137);
            assertThat(ended.out()).isEmpty();
            assertThat(ended.err()).contains("java.lang.OutOfMemoryError: Java heap space");
            scenario.expireTheLease();

            RunReport next = scenario.run("partitions: {per-role: 2, chunk: 10}");

            assertThat(next.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(next.recovery()).startsWith("found run 1 dead");
            assertThat(
                            scenario.count(
                                    "SELECT count(*) FROM audit.outcome WHERE status = 'APPLIED'"))
                    .isEqualTo(ROWS);
            ThreeBooks.of(scenario).agreeAfterTrouble();
        }
    }

    @Test
    void a_tree_on_a_read_only_file_system_is_enough() throws Exception {
        Path tree = Files.createDirectory(directory.resolve("tree"));
        try (var scenario = new Scenario()) {
            scenario.order().queue();
            Installed installed = Installed.in(tree, scenario);
            assumeThat(run("mount", "--bind", tree.toString(), tree.toString()))
                    .as("only root can make a tree read-only for root")
                    .isZero();
            try {
                assertThat(run("mount", "-o", "remount,bind,ro", tree.toString())).isZero();
                assertThat(run("touch", tree.resolve("anything").toString())).isNotZero();

                Installed.Ended ended = installed.says("run", "quick");

                assertThat(ended.exit()).as(ended.err()).isZero();
                assertThat(ended.out()).contains("contact");
            } finally {
                assertThat(run("umount", tree.toString())).isZero();
            }
        }
    }

    @Test
    void an_anchor_that_cannot_be_written_is_told_before_anything_is_sent() throws IOException {
        try (var scenario = new Scenario()) {
            scenario.order().queue();
            Installed installed = Installed.in(directory, scenario);
            Path nowhere = directory.resolve("no such directory/anchors");

            Installed.Ended ended =
                    installed.says("run", "quick", "--anchor-file", nowhere.toString());

            assertThat(ended.exit()).isEqualTo(ExitCode.DATA.code());
            assertThat(ended.err()).contains(nowhere.toString()).doesNotContain("\tat ");
            assertThat(ThreeBooks.requests(scenario)).isEmpty();
            assertThat(scenario.rows("SELECT * FROM audit.v_run")).isEmpty();
        }
    }

    @Test
    void rejects_that_cannot_be_written_are_told_and_nothing_is_queued() throws IOException {
        try (var scenario = new Scenario()) {
            Path file = directory.resolve("changes.csv");
            Files.writeString(
                    file,
                    """
                    conversation_id,participant_id,participant_role,attribute_name,attribute_value
                    3044f11e-3f15-43aa-b8b1-821a1894b951,593b4716-4c81-4ef8-9cbb-d5bc510e246c,contact,tier,gold
                    nonsense,593b4716-4c81-4ef8-9cbb-d5bc510e246c,contact,tier,gold
                    """);
            Path nowhere = directory.resolve("no such directory/rejects.csv");

            Installed.Ended ended =
                    Installed.in(directory, scenario)
                            .says(
                                    "queue",
                                    file.toString(),
                                    "--partial",
                                    "--reason",
                                    "test",
                                    "--rejects",
                                    nowhere.toString());

            assertThat(ended.exit()).as(ended.err()).isNotIn(0, ExitCode.BUG.code());
            assertThat(ended.err()).contains(nowhere.toString()).doesNotContain("\tat ");
            assertThat(scenario.count("SELECT count(*) FROM reconciler.attribute_change")).isZero();
        }
    }

    private static int run(String... command) throws Exception {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
