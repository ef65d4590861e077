package reconciler.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FormsOfFilesTest {
    private static final String C = "11111111-1111-4111-8111-111111111111";
    private static final String P = "22222222-2222-4222-8222-222222222222";
    private static final String IDS = "conversation_id,participant_id,participant_role";
    private static final String LONG = IDS + ",attribute_name,attribute_value";
    private static final String WHO =
            "\"conversation_id\":\""
                    + C
                    + "\",\"participant_id\":\""
                    + P
                    + "\",\"participant_role\":\"agent\"";
    private static final IntakeRules ANY = IntakeRules.knowing(List.of());

    @TempDir Path directory;
    private final List<String> asked = new ArrayList<>();

    @Test
    void semicolons_and_tabs_are_seen_in_the_header_marks_and_line_ends_do_not_matter() {
        for (String delimiter : List.of(",", ";", "\t")) {
            String file =
                    "\uFEFF"
                            + LONG.replace(",", delimiter)
                            + "\r\n"
                            + String.join(delimiter, C, P, "agent", "tier", "\"a,b;c\td\"")
                            + "\r\n";
            assertThat(read(file).isFlawless()).isTrue();
        }
        assertThat(asked).hasSize(3).containsOnly("tier=a,b;c\td");
    }

    @Test
    void a_forced_delimiter_is_not_second_guessed() {
        var semicolon = FileForm.DETECTED.separatedBy(';');
        assertThat(read(LONG + "\nx", semicolon, ANY).refusals().getFirst())
                .startsWith("line 1: the header is missing");
    }

    @Test
    void each_filled_cell_of_the_wide_form_is_a_change() {
        IntakeReport report =
                read(IDS + ",attr:customer.tier,attr:vip\n" + C + "," + P + ",agent,gold,\n");
        assertThat(report.isFlawless()).isTrue();
        assertThat(asked).containsExactly("customer.tier=gold");
        IntakeReport both =
                read(IDS + ",attr:customer.tier,attr:vip\n" + C + "," + P + ",agent,gold,yes\n");
        assertThat(both.lines()).isEqualTo(1);
        assertThat(both.changes()).isEqualTo(2);
    }

    @Test
    void a_wide_line_without_any_value_and_a_header_of_both_forms_are_wrong() {
        assertThat(read(IDS + ",attr:a\n" + C + "," + P + ",agent,").badLines())
                .extracting(BadLine::toString)
                .containsExactly("line 2: no attribute has a value");
        assertThat(read(LONG + ",attr:a\nx").refusals())
                .hasSize(2)
                .allMatch(reason -> reason.contains("is of the long form"));
        assertThat(read(IDS + ",attr:a,attr:a\nx").refusals())
                .containsExactly("line 1: the column \"attr:a\" is there twice");
    }

    @Test
    void a_bad_cell_of_the_wide_form_is_named_and_takes_its_line_with_it() {
        String file =
                IDS + ",attr:a,attr:b\n" + C + "," + P + ",agent,x," + "y".repeat(9000) + "\n";
        IntakeReport report = read(file);
        assertThat(report.changes()).isZero();
        assertThat(report.badLines())
                .extracting(BadLine::toString)
                .containsExactly("line 2: attr:b: expected at most 8192 bytes, found 9000");
    }

    @Test
    void an_object_a_line_is_taken_in_the_long_and_in_the_wide_form() {
        IntakeReport report =
                read(
                        "{"
                                + WHO
                                + ",\"attribute_name\":\"tier\",\"attribute_value\":\"g\\u00f6ld\\n\"}\n\n{"
                                + WHO
                                + ",\"attributes\":{\"a\":\"1\",\"b\":\"\"}}\r\n",
                        FileForm.DETECTED,
                        ANY.withEmptyValues());
        assertThat(report.isFlawless()).isTrue();
        assertThat(asked).containsExactly("tier=göld\n", "a=1", "b=");
    }

    @Test
    void unknown_and_repeated_properties_and_what_is_no_string_are_told_with_their_line() {
        IntakeReport report =
                read(
                        "{"
                                + WHO
                                + ",\"attributes\":{\"a\":\"1\",\"a\":\"2\"}}\n{"
                                + WHO
                                + ",\"attribute_name\":\"t\",\"attribute_value\":7,\"colour\":\"x\"}\n{"
                                + WHO
                                + ",\"attributes\":{\"z\":\"\\ud800\"}}");
        assertThat(report.badLines())
                .extracting(BadLine::toString)
                .satisfiesExactly(
                        first -> assertThat(first).isEqualTo("line 1: attr:a: is there twice"),
                        second ->
                                assertThat(second)
                                        .startsWith("line 2: unknown property \"colour\""),
                        third ->
                                assertThat(third)
                                        .isEqualTo("line 2: attribute_value: expected a string"),
                        fourth ->
                                assertThat(fourth)
                                        .startsWith("line 3: attr:z: half of a surrogate"));
    }

    @Test
    void a_line_that_is_no_object_refuses_the_file() {
        assertThat(read("{" + WHO + ",\"attributes\":{\"a\":\"1\"}}\n{\"conv").refusals())
                .singleElement()
                .asString()
                .startsWith("line 2: not a JSON object");
        assertThat(read("{} {}").refusals()).singleElement().asString().startsWith("line 1: not a");
    }

    @Test
    void rejects_keep_their_form_and_can_be_corrected_as_they_are() throws IOException {
        Path rejects = directory.resolve("rejects");
        String json = "{" + WHO + ", \"attributes\":{\"a\":7}}\n";
        read(json, rejects);
        String told = Files.readString(rejects);
        assertThat(told)
                .isEqualTo("{\"error\":\"line 1: attr:a: expected a string\"," + json.substring(1));
        read(told, rejects);
        assertThat(Files.readString(rejects)).isEqualTo(told);
        assertThat(read(told.replace(":7", ":\"7\"")).isFlawless()).isTrue();

        read(IDS.replace(',', ';') + ";attr:a\n" + C + ";" + P + ";ag!nt;x\n", rejects);
        told = Files.readString(rejects);
        assertThat(told).startsWith("error;conversation_id;").contains(";ag!nt;x");
        assertThat(read(told.replace("ag!nt", "agent")).isFlawless()).isTrue();
    }

    @Test
    void gzip_is_unpacked_whatever_it_is_called_and_has_the_hash_of_what_is_in_it() {
        byte[] plain = bytes(LONG + "\n" + C + "," + P + ",agent,tier,gold\n");
        IntakeReport report = read(gzip(plain), null);
        assertThat(report.isFlawless()).isTrue();
        assertThat(report.sha256()).isEqualTo(read(plain, null).sha256());
    }

    @Test
    void a_bomb_stops_at_the_limit_and_a_cut_gzip_is_refused() throws IOException {
        byte[] lines = bytes("\n".repeat(1_000_000));
        var bomb = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bomb)) {
            gzip.write(bytes(LONG));
            for (long i = 0; i < IntakeRules.MAX_FILE_BYTES; i += lines.length) {
                gzip.write(lines);
            }
        }
        assertThat(read(bomb.toByteArray(), null).refusals())
                .containsExactly("the file is larger than 250 MB: divide it");
        byte[] whole = gzip(bytes(LONG + "\n" + C + "," + P + ",agent,tier,gold\n"));
        byte[] cut = Arrays.copyOf(whole, whole.length - 9);
        assertThat(read(cut, null).refusals())
                .singleElement()
                .asString()
                .startsWith("the file cannot be read: ");
    }

    @Test
    void escaped_formulas_come_back_as_they_were() {
        for (String value : List.of("=1+1", "'=1+1", "''-2", "'quoted", "+49 30", "plain", "@x")) {
            asked.clear();
            read(
                    LONG + "\n" + C + "," + P + ",agent,t,\"" + Formulas.escaped(value) + "\"\n",
                    FileForm.DETECTED.withEscapedFormulas(true),
                    ANY);
            assertThat(asked).containsExactly("t=" + value);
        }
        assertThat(Formulas.escaped("=1+1")).isEqualTo("'=1+1");
    }

    private IntakeReport read(String text) {
        return read(text, FileForm.DETECTED, ANY);
    }

    private IntakeReport read(String text, FileForm form, IntakeRules rules) {
        return read(bytes(text), form, rules, null);
    }

    private IntakeReport read(String text, Path rejects) {
        return read(bytes(text), FileForm.DETECTED, ANY, rejects);
    }

    private IntakeReport read(byte[] bytes, @Nullable Path rejects) {
        return read(bytes, FileForm.DETECTED, ANY, rejects);
    }

    private IntakeReport read(
            byte[] bytes, FileForm form, IntakeRules rules, @Nullable Path rejects) {
        var judge =
                new Judge(rules, ChangeSetRequest.by("kim"), Instant.parse("2026-11-23T12:00:00Z"));
        try (var rejected = new Rejects(rejects)) {
            return new FileReading(
                            Source.stream("-", new ByteArrayInputStream(bytes)).in(form),
                            judge,
                            line -> asked.add(line.name() + "=" + line.value()),
                            rejected,
                            true)
                    .report();
        }
    }

    private static byte[] gzip(byte[] plain) {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return packed.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
