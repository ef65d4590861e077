package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reconciler.cli.Desk.Said;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What `validate` and `queue` say of a file.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class IntakeCommandsTest {
    private static final String HEADER =
            "Conversation_ID,participant_id,participant_role,attribute_name,attribute_value\n";
    private static final String IDS =
            "{11111111-1111-4111-8111-111111111111},22222222-2222-4222-8222-22222222222A,Contact,";

    @TempDir static Path folder;
    private static Desk desk;

    @BeforeAll
    static void open() {
        desk = new Desk(folder);
    }

    @AfterAll
    static void close() {
        desk.close();
    }

    @Test
    void a_summary_says_what_was_done_to_a_file_and_what_to_do_next() {
        Path file =
                desk.write(
                        "summary.csv", HEADER + IDS + "tier,gold\n,,,,\n" + IDS + "other,#N/A\n");
        Said said = desk.says("validate", file.toString());
        assertThat(said.exit()).isZero();
        assertThat(said.out())
                .isEqualTo(
                        """
                        summary.csv: CSV separated by commas, in UTF-8
                          2 lines: 2 good, 0 bad
                          the good ones ask for 2 changes of 1 participant
                          skipped: 1 blank row
                          normalised: 1 x column name in another case, or with blanks around it, 2 x id in braces, 2 x id in upper case, 2 x role in another case, or with blanks around it
                          1 good line looks spoilt; --strict refuses such lines
                        It can be queued as it is.
                        """);
        assertThat(said.err())
                .isEqualTo(
                        "summary.csv: warning: line 4: attribute_value: the value is an error of a spreadsheet, such as #REF!\n");
        Said strict = desk.says("validate", file.toString(), "--strict");
        assertThat(strict.exit()).isEqualTo(65);
        assertThat(strict.out()).contains("2 lines: 1 good, 1 bad").contains("`--rejects FILE`");
    }

    @Test
    void the_same_for_programs_is_one_json_document_without_values() {
        Path file =
                desk.write(
                        "json.csv",
                        HEADER + IDS + "tier,s3cret\nx,y,z,,s3cret\n" + IDS + "a,#REF!\n");
        Said said = desk.says("validate", file.toString(), "-o", "json");
        assertThat(said.exit()).isEqualTo(65);
        assertThat(said.err()).isEmpty();
        assertThat(said.out()).doesNotContain("s3cret");
        JsonNode json = JsonMapper.shared().readTree(said.out());
        assertThat(json.get("schemaVersion").intValue()).isEqualTo(1);
        assertThat(json.get("acceptable").booleanValue()).isFalse();
        assertThat(json.get("lines").intValue()).isEqualTo(3);
        assertThat(json.get("bad").intValue()).isEqualTo(1);
        assertThat(json.get("warned").intValue()).isEqualTo(1);
        assertThat(json.get("normalised").get("braces").intValue()).isEqualTo(2);
        assertThat(json.get("problems").get(0).get("line").intValue()).isEqualTo(3);
        assertThat(json.get("problems").get(0).get("column").stringValue())
                .isEqualTo("conversation_id");
        assertThat(json.get("warnings").get(0).get("line").intValue()).isEqualTo(4);
        Said refused =
                desk.says("validate", desk.write("none.csv", "s3cret\n").toString(), "-o", "json");
        assertThat(refused.exit()).isEqualTo(65);
        assertThat(JsonMapper.shared().readTree(refused.out()).get("refusals").get(0).stringValue())
                .startsWith("line 1: the header is missing");
    }

    @Test
    void a_file_in_a_named_encoding_is_queued_and_what_was_normalised_is_said() {
        Path file =
                desk.write(
                        "windows.csv",
                        (HEADER + IDS + "tier,caf\u00e9\n")
                                .getBytes(Charset.forName("windows-1252")));
        Said refused = desk.says("queue", file.toString());
        assertThat(refused.exit()).isEqualTo(65);
        assertThat(refused.err())
                .contains(
                        "windows.csv: line 2: the byte 0xE9 is not UTF-8: save the file as UTF-8, or name its encoding");
        Said queued = desk.says("queue", file.toString(), "--encoding", "windows-1252");
        assertThat(queued.exit()).isZero();
        assertThat(queued.out()).contains("1 change queued from windows.csv");
        assertThat(queued.err()).startsWith("normalised: ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--encoding nonsense | 64 | --encoding is a name such as windows-1252",
                "--encoding x-JISAutoDetect | 64 | guesses: name the one that is meant",
                "--sheet 2 | 65 | --sheet names a sheet of a workbook (.xlsx), and the file is none",
                "-o csv | 64 | -o is table or json here",
                "--rejects FILE | 65 | is the file that is read, and would take its place: name another",
                "--rejects /dev/null | 65 | is a device or a pipe: name a file",
            })
    void an_option_that_does_not_fit_is_told(String option, int exit, String message)
            throws Exception {
        Path file = desk.write("options.csv", HEADER + IDS + "tier,\n");
        String[] words =
                ("validate " + file + " " + option.replace("FILE", file.toString())).split(" ");
        Said said = desk.says(words);
        assertThat(said.exit()).isEqualTo(exit);
        assertThat(said.err()).contains(message);
        assertThat(Files.readString(file)).startsWith(HEADER);
        assertThat(Path.of("/dev/null").toFile().isFile()).isFalse();
    }

    @Test
    void a_directory_is_no_file() {
        Said said = desk.says("validate", folder.toString());
        assertThat(said.exit()).isEqualTo(65);
        assertThat(said.err()).contains(folder + " is a directory: name a file in it");
    }
}
