package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/// What the commands say about themselves. None of it needs a database.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class HelpTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Session session =
            new Session(
                    Map.of(),
                    new Terminal(
                            new StandardOutput(out),
                            new PrintStream(err, true, StandardCharsets.UTF_8),
                            false),
                    InstantSource.system());

    static Stream<String> commands() {
        CommandLine root = Reconciler.commands(Session.ofProcess());
        return Stream.concat(below(root), below(root.getSubcommands().get("audit")));
    }

    private static Stream<String> below(CommandLine command) {
        return command.getSubcommands().values().stream()
                .filter(sub -> !sub.getCommandSpec().usageMessage().hidden())
                .map(sub -> sub.getCommandSpec().qualifiedName().replaceFirst("^reconciler ", ""));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void every_command_has_examples_that_fit_the_screen_and_a_man_page(String command) {
        assertThat(says((command + " --help").split(" "))).isZero();
        assertThat(told(out)).contains("Examples:").contains("\n  reconciler " + command);
        assertThat(told(out).lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(112));

        out.reset();
        assertThat(says(("man " + command).split(" "))).isZero();
        assertThat(told(out))
                .startsWith(".TH ")
                .contains(".SH \"SYNOPSIS\"", ".SH \"OPTIONS\"", "Examples:", "reconciler(1)")
                .doesNotContain("${");
    }

    @Test
    void every_command_is_in_a_group_and_has_one_line_in_the_list() {
        assertThat(CommandGroups.ungrouped(Reconciler.commands(session))).isEmpty();

        assertThat(says("--help")).isZero();
        assertThat(told(out))
                .containsSubsequence(
                        "\nPrepare:\n  template ",
                        "\n  approve       Approve another person's change set.\n",
                        "\nApply:\n  run ",
                        "\nWatch:\n  status ",
                        "\nSteer:\n  stop ",
                        "\n  resume        Continue a run that ended early.\n",
                        "\n  unpause       Resume a paused change set",
                        "\n  redrive       Queue failed changes again.\n",
                        "\nAudit:\n  audit ",
                        "\nSet up:\n  demo ");
        assertThat(told(out).lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(112));
    }

    @Test
    void all_man_pages_go_into_a_directory(@TempDir Path folder) throws IOException {
        Path pages = folder.resolve("man1");

        assertThat(says("man", "--to", pages.toString())).isZero();

        assertThat(pages.resolve("reconciler.1"))
                .content()
                .contains(".SH \"COMMANDS\"", "EXIT CODES");
        assertThat(pages.resolve("reconciler-audit-verify.1")).exists();
        try (Stream<Path> files = Files.list(pages)) {
            assertThat(files).hasSize((int) commands().count() + 1);
        }
    }

    @Test
    void bash_understands_the_completion_and_it_knows_every_command(@TempDir Path folder)
            throws Exception {
        assertThat(says("completion")).isZero();
        Path script = Files.writeString(folder.resolve("completion"), told(out));

        Process bash =
                new ProcessBuilder(
                                "bash",
                                "-c",
                                "source "
                                        + script
                                        + "; COMP_WORDS=(reconciler un); COMP_CWORD=1; _complete_reconciler 2>/dev/null; echo ${COMPREPLY[@]}")
                        .redirectErrorStream(true)
                        .start();
        assertThat(bash.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines("undo unpause");
        assertThat(told(out)).doesNotContain("rehearse");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    stauts                  | Unmatched argument at index 0: 'stauts' (did you mean status
                    plan seven              | 'seven' is not a whole number; `reconciler plan --help` shows how
                    queue - --priority 1e5  | '1e5' is not a whole number
                    queue - --priority 99999 | '99999' is not from -32768 to 32767
                    explain                 | (specify one of these)
                    explain --participant x | 'x' is not a UUID such as
                    purge --keep 90         | --keep is a time such as 30m, 24h or 7d, not '90'
                    purge --keep 0d         | --keep is a time such as 30m, 24h or 7d, not '0d'
                    purge --keep 99999999999d | --keep is a time such as
                    purge --keep 36501d     | --keep is a time of at most 36500d, not '36501d'
                    approve 7 --valid 24    | --valid is a time such as 30m, 24h or 7d, not '24'
                    status --watch --every 5 | --every is a time such as 30m, 24h or 7d, not '5'
                    run --if-locked=wait=600 | --if-locked=wait is a time such as 30m, 24h or 7d, not '600'
                    run --dry-run --quiet --anchor-file x | --dry-run and --quiet, --anchor-file exclude each other
                    run --dry-run --anchor-url https://example.com | --dry-run and --anchor-url exclude
                    run --dry-run --if-locked=wait=1m | --dry-run and --if-locked exclude
                    outcomes --limit -5     | --limit is at least 1, not -5
                    outcomes --status pending | what is pending has no outcome yet
                    pause 7                 | Missing required option: '--reason=TEXT'
                    outcomes -o xml         | expected one of [TABLE, JSON, JSONL, CSV]
                    man no                  | there is no command no
                    """)
    void a_wrong_command_line_gets_one_sentence(String line, String sentence) {
        assertThat(says(line.split(" "))).isEqualTo(64);
        assertThat(told(err)).startsWith("reconciler: ").contains(sentence).hasLineCount(1);
        assertThat(told(out)).isEmpty();
    }

    private int says(String... command) {
        return Reconciler.run(session, command);
    }

    private static String told(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
