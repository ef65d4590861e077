package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reconciler.cli.Desk.Said;
import reconciler.run.Installed;

/// A file that was cut off does not pass for a whole one.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class StandardOutputTest {
    private static final String[][] EXPORTS = {
        {"outcomes"},
        {"outcomes", "-o", "csv"},
        {"outcomes", "-o", "json"},
        {"outcomes", "-o", "jsonl"},
        {"outcomes", "--as-changes", "-o", "csv"},
        {"outcomes", "--as-changes", "-o", "jsonl"}
    };

    @TempDir private Path folder;

    @Test
    void an_export_for_which_there_is_no_room_says_so_and_ends_with_65() {
        try (var desk = settled()) {
            for (String[] export : EXPORTS) {
                Said said = desk.writes(new Reluctant("No space left on device"), export);

                assertThat(said.exit()).as(String.join(" ", export)).isEqualTo(65);
                assertThat(said.err())
                        .startsWith(
                                "reconciler: standard output could not be written (No space left on device): ")
                        .hasLineCount(1);
            }
        }
    }

    @Test
    void whoever_has_read_enough_is_no_trouble() {
        try (var desk = settled()) {
            for (String[] export : EXPORTS) {
                assertThat(desk.writes(new Reluctant("Broken pipe"), export))
                        .as(String.join(" ", export))
                        .isEqualTo(new Said(0, "", ""));
            }
        }
    }

    @Test
    void a_command_that_failed_ends_with_its_own_code() {
        try (var desk = new Desk(folder)) {
            desk.orders.order().queue();

            Said said = desk.writes(new Reluctant("No space left on device"), "run", "quick");

            assertThat(said.exit()).isEqualTo(3);
            assertThat(said.err()).contains("standard output could not be written");
        }
    }

    @Test
    void nothing_follows_what_could_not_be_written() {
        var written = new ByteArrayOutputStream();
        var out =
                new StandardOutput(
                        new OutputStream() {
                            @Override
                            public void write(int one) throws IOException {
                                if (written.size() == 3) {
                                    written.write('!');
                                    throw new IOException("no room");
                                }
                                written.write(one);
                            }
                        });
        out.print("abcd");
        out.print("efgh");

        assertThat(written.toString(StandardCharsets.UTF_8)).isEqualTo("abc!");
        assertThat(out.loss()).isEqualTo("no room");
    }

    @Test
    void the_launcher_tells_a_full_disk_from_a_reader_that_has_gone() throws Exception {
        assumeThat(Path.of("/dev/full")).exists();
        Path launcher = Installed.launcherIn(folder);

        Said full = shell(launcher + " completion > /dev/full");
        assertThat(full.exit()).isEqualTo(65);
        assertThat(full.err()).contains("standard output could not be written (");

        Said gone = shell(launcher + " completion | true; exit ${PIPESTATUS[0]}");
        assertThat(gone).isEqualTo(new Said(0, "", ""));
    }

    /// Three rows that are over.
    private Desk settled() {
        var desk = new Desk(folder);
        for (int i = 0; i < 3; i++) {
            desk.order().queue();
        }
        assertThat(desk.says("run", "quick", "--quiet").exit()).isZero();
        return desk;
    }

    private Said shell(String line) throws Exception {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        var builder =
                new ProcessBuilder("bash", "-c", line)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Said(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /// Takes nothing.
    private static final class Reluctant extends OutputStream {
        private final String why;

        Reluctant(String why) {
            this.why = why;
        }

        @Override
        public void write(int one) throws IOException {
            throw new IOException(why);
        }
    }
}
