package reconciler.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reconciler.change.ParticipantRole;

/// Files as people's programs write them.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FilesFromTheFieldTest {
    private static final String C = "11111111-1111-4111-8111-111111111111";
    private static final String P = "22222222-2222-4222-8222-22222222222a";
    private static final String HEADER =
            "conversation_id,participant_id,participant_role,attribute_name,attribute_value";
    private static final IntakeRules WEB =
            IntakeRules.knowing(
                    List.of(new ParticipantRole("contact"), new ParticipantRole("agent")));

    @TempDir Path directory;
    private final List<GoodLine> good = new ArrayList<>();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a02_utf16le_tab_unicode_text.txt | 3 | CSV separated by tabs, in UTF-16LE",
                "a04_sepline_semicolon.csv | 3 | CSV separated by semicolons, in UTF-8",
                "b01_trailing_commas.csv | 3 | CSV separated by commas, in UTF-8",
                "b04_extra_empty_trailing_cols.csv | 3 | CSV separated by commas, in UTF-8",
                "h03_trailing_space.csv | 3 | CSV separated by commas, in UTF-8",
                "h10_quoted_header_space.csv | 3 | CSV separated by commas, in UTF-8",
                "i02_braces.csv | 1 | CSV separated by commas, in UTF-8",
                "i05_nbsp_end.csv | 1 | CSV separated by commas, in UTF-8",
                "j09_array.json | 2 | a JSON array, in UTF-8",
                "j10_array_one_line.json | 2 | a JSON array, in UTF-8",
                "j15_nullopt.jsonl | 1 | JSON lines, in UTF-8",
                "r02_title.csv | 1 | CSV separated by commas, in UTF-8",
                "r03_space.csv | 1 | CSV separated by commas, in UTF-8",
                "t07_pg.csv | 1 | CSV separated by commas, in UTF-8",
            })
    void is_read(String file, int lines, String form) {
        IntakeReport report = read(example(file), FileForm.DETECTED, WEB);
        assertThat(report.badLines()).isEmpty();
        assertThat(report.refusals()).isEmpty();
        assertThat(report.changes()).isEqualTo(lines);
        assertThat(report.form()).isEqualTo(form);
        assertThat(report.warnings()).isEmpty();
        assertThat(good)
                .allSatisfy(line -> {
                    assertThat(line.participant().conversationId().toString()).startsWith("6");
                    assertThat(line.role()).isEqualTo("contact");
                    assertThat(line.name()).isIn("customer.tier", "j.tier");
                    assertThat(line.value()).isIn("gold", "Müller");
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a03_cp1252.csv | line 2: the byte 0xE9 is not UTF-8: save the file as UTF-8, or name its encoding, such as --encoding windows-1252",
                "s13_xlsx_named.csv | the zip file is cut off",
                "h08_no_header.csv | line 1: the header is missing: expected the names of the columns",
            })
    void is_refused_in_one_sentence(String file, String sentence) {
        IntakeReport report = read(example(file), FileForm.DETECTED, WEB);
        assertThat(report.refusals())
                .singleElement()
                .asString()
                .startsWith(sentence)
                .doesNotContain("gold")
                .doesNotContain("6513270e");
        assertThat(good).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "n02_trail.csv | line 2: attribute_name: blanks or zero-width characters around the name are part of it",
                "v04_ref.csv | line 2: attribute_value: the value is an error of a spreadsheet, such as #REF!",
                "v27_space_quote.csv | line 2: attribute_value: a quote after a blank does not quote: both are part of the value",
            })
    void is_taken_with_a_warning_and_refused_where_that_is_asked_for(String file, String warning) {
        IntakeReport report = read(example(file), FileForm.DETECTED, WEB);
        assertThat(report.isFlawless()).isTrue();
        assertThat(report.warnings()).extracting(LineWarning::toString).containsExactly(warning);
        assertThat(report.counts().warned()).isEqualTo(1);

        IntakeReport strict = read(example(file), FileForm.DETECTED, WEB.strictly());
        assertThat(strict.badLines())
                .extracting(BadLine::toString)
                .containsExactly(warning + " (refused by --strict)");
        assertThat(strict.changes()).isZero();
    }

    @Test
    void json_beyond_a_limit_of_the_parser_is_a_bad_line_with_the_limit() {
        String limits =
                "beyond a limit of the JSON parser: at most 500 levels, 1000 digits of a number, 50000 characters of a name";
        assertThat(told(read(example("k1_depth501.jsonl"), FileForm.DETECTED, WEB)))
                .containsExactly("line 1: " + limits);
        String whole = object("\"attribute_name\":\"t\",\"attribute_value\":\"x\"");
        String number = object("\"attribute_name\":\"t\",\"attribute_value\":" + "1".repeat(1001));
        String name = object("\"" + "n".repeat(50_001) + "\":\"x\"");
        for (String file :
                List.of(
                        whole + "\n" + number + "\n" + name,
                        "[" + whole + ",\n" + number + ",\n" + name + "]")) {
            IntakeReport report = read(bytes(file));
            assertThat(report.good()).isEqualTo(1);
            assertThat(told(report)).containsExactly("line 2: " + limits, "line 3: " + limits);
        }
    }

    @ParameterizedTest
    @CsvSource({"UTF-16LE", "UTF-16BE", "UTF-8"})
    void a_byte_order_mark_decides(String charset) {
        String text =
                "\uFEFF" + HEADER + "\r\n" + line("tier", "M\u00fcller \uD83D\uDE00") + "\r\n";
        IntakeReport report = read(text.getBytes(Charset.forName(charset)));
        assertThat(report.isFlawless()).isTrue();
        assertThat(good).extracting(GoodLine::value).containsExactly("M\u00fcller \uD83D\uDE00");
        assertThat(report.form()).endsWith(", in " + charset);
        assertThat(
                        read(text.getBytes(Charset.forName(charset)), in("windows-1252"), WEB)
                                .refusals())
                .containsExactly(
                        "the file begins with the byte order mark of "
                                + charset
                                + ", and --encoding says windows-1252: leave --encoding out");
    }

    @Test
    void utf_32_and_utf_16_without_a_mark_are_refused_with_the_reason_and_the_way() {
        String text = HEADER + "\n" + line("tier", "gold");
        assertThat(read(("\uFEFF" + text).getBytes(Charset.forName("UTF-32LE"))).refusals())
                .singleElement()
                .asString()
                .startsWith("the file begins with the byte order mark of UTF-32LE, ")
                .endsWith("save the file as UTF-8, or use --encoding UTF-32LE");
        assertThat(
                        read(
                                        ("\uFEFF" + text).getBytes(Charset.forName("UTF-32LE")),
                                        in("UTF-32LE"),
                                        WEB)
                                .isFlawless())
                .isTrue();
        assertThat(read(text.getBytes(StandardCharsets.UTF_16LE)).refusals())
                .containsExactly(
                        "line 1: a NUL character: this is no text in UTF-8; when it is UTF-16 without a byte order mark,"
                                + " use --encoding UTF-16LE or UTF-16BE");
        assertThat(read(text.getBytes(StandardCharsets.UTF_16LE), in("UTF-16LE"), WEB).isFlawless())
                .isTrue();
        assertThat(read(text.getBytes(StandardCharsets.UTF_16LE), in("UTF-16"), WEB).refusals())
                .containsExactly(
                        "UTF-16 has two orders of its bytes, and the file has no byte order mark: use --encoding"
                                + " UTF-16LE or UTF-16BE");
        byte[] cut = ("\uFEFF" + text).getBytes(StandardCharsets.UTF_16BE);
        assertThat(read(java.util.Arrays.copyOf(cut, cut.length - 1)).refusals())
                .containsExactly(
                        "line 2: the byte 0x00 is not UTF-16BE: name the encoding that the file was saved in");
    }

    @Test
    void a_named_encoding_is_taken_at_its_word_and_strictly() {
        String text = HEADER + "\n" + line("tier", "caf\u00e9 \u2019rok\u2019");
        assertThat(
                        read(
                                        text.getBytes(Charset.forName("windows-1252")),
                                        in("windows-1252"),
                                        WEB)
                                .isFlawless())
                .isTrue();
        assertThat(good).extracting(GoodLine::value).containsExactly("caf\u00e9 \u2019rok\u2019");
        byte[] spoilt = bytes(text.replace("caf\u00e9 \u2019rok\u2019", "x") + "\n\n?");
        spoilt[spoilt.length - 1] = (byte) 0x81;
        assertThat(read(spoilt, in("windows-1252"), WEB).refusals())
                .containsExactly(
                        "line 4: the byte 0x81 is not windows-1252: name the encoding that the file was saved in");
        IntakeReport misread = read(bytes(text), in("windows-1252"), WEB);
        assertThat(misread.warnings())
                .extracting(LineWarning::reason)
                .containsExactly(
                        "letters such as \u00C3\u00A9 show UTF-8 that was read as windows-1252");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{%s} | BRACES",
                "urn:uuid:%s | URN",
                "URN:UUID:%s | URN",
                "'  %s' | BLANKS",
                "'\t%s\t' | BLANKS",
                "'\u00A0%s\u202F' | NO_BREAK_SPACES",
                "'\uFEFF%s\u200B' | ZERO_WIDTH",
            })
    void an_id_in_another_form_is_normalised_and_counted(String form, Normalisation normalisation) {
        IntakeReport report =
                read(bytes(HEADER + "\n" + line("tier", "gold").replace(P, form.formatted(P))));
        assertThat(told(report)).isEmpty();
        assertThat(good)
                .extracting(line -> line.participant().participantId().toString())
                .containsExactly(P);
        assertThat(report.counts().normalised()).containsOnlyKeys(normalisation).containsValue(1L);
    }

    @Test
    void an_id_in_several_forms_at_once_is_counted_for_each() {
        IntakeReport report =
                read(
                        bytes(
                                HEADER
                                        + "\n"
                                        + line("tier", "gold")
                                                .replace(
                                                        P,
                                                        " {"
                                                                + P.replace("-", "")
                                                                        .toUpperCase(
                                                                                java.util.Locale
                                                                                        .ROOT)
                                                                + "}")));
        assertThat(told(report)).isEmpty();
        assertThat(report.counts().normalised())
                .containsOnlyKeys(
                        Normalisation.BLANKS,
                        Normalisation.BRACES,
                        Normalisation.NO_DASHES,
                        Normalisation.UPPER_CASE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "22222222-2222-4222-8222-22222222222\u0430 | CYRILLIC SMALL LETTER A (U+0430) at character 36",
                "22222222\u20132222-4222-8222-22222222222a | EN DASH (U+2013) at character 9",
                "22222222-2222\u200B-4222-8222-22222222222a | ZERO WIDTH SPACE (U+200B) at character 14",
                "2222222O-2222-4222-8222-22222222222a | LATIN CAPITAL LETTER O (U+004F) at character 8",
                "(2222222-2222-4222-8222-22222222222a | LEFT PARENTHESIS (U+0028) at character 1",
                "2.2E+37 | \"2.2E+37\"",
                "'' | nothing",
            })
    void an_id_that_cannot_be_normalised_is_refused_by_the_name_of_the_character(
            String id, String found) {
        assertThat(told(read(bytes(HEADER + "\n" + line("tier", "gold").replace(P, id)))))
                .containsExactly("line 2: participant_id: expected a UUID, found " + found);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Conversation_ID, participant_id ,PARTICIPANT_ROLE,\u00A0attribute_name,attribute_value\u200B",
                "\"conversation_id\", \"participant_id\", \"participant_role\", \"attribute_name\", \"attribute_value\"",
            })
    void a_header_in_another_case_or_with_blanks_is_read(String header) {
        IntakeReport report = read(bytes(header + "\n" + line("tier", "gold")));
        assertThat(report.refusals()).isEmpty();
        assertThat(told(report)).isEmpty();
        assertThat(good).hasSize(1);
    }

    @Test
    void a_wide_header_with_blanks_names_the_attribute_without_them() {
        IntakeReport report =
                read(
                        bytes(
                                "conversation_id,participant_id,participant_role, ATTR: Tier ,attr:vip\n"
                                        + C
                                        + ","
                                        + P
                                        + ",agent,gold,\n"));
        assertThat(told(report)).isEmpty();
        assertThat(good).extracting(GoodLine::name).containsExactly("Tier");
        assertThat(report.counts().normalised()).containsEntry(Normalisation.HEADER_NAME, 1L);
        assertThat(
                        read(bytes(
                                        "conversation_id,participant_id,participant_role,attr:vip, attr:vip\nx"))
                                .refusals())
                .containsExactly("line 1: the column \"attr:vip\" is there twice");
        assertThat(
                        read(bytes("conversation_id,,participant_id,participant_role,attr:vip\nx"))
                                .refusals())
                .containsExactly("line 1: the column at place 2 has no name");
    }

    @Test
    void rows_of_separators_empty_columns_and_a_last_ctrl_z_are_skipped_and_counted() {
        IntakeReport report =
                read(
                        bytes(
                                ",,,,\n"
                                        + HEADER
                                        + ",,\n"
                                        + line("tier", "gold")
                                        + ",,,\n"
                                        + ", ,\t,\u00A0,\n"
                                        + ",,,,,,,,\n"
                                        + line("other", "gold")
                                        + "\n\u001A"));
        assertThat(told(report)).isEmpty();
        assertThat(report.lines()).isEqualTo(2);
        assertThat(report.counts().skipped()).isEqualTo(new Skipped(3, 3, 1));
        assertThat(told(read(bytes(HEADER + "\n" + line("tier", "gold") + ",x,\n"))))
                .containsExactly("line 2: expected 5 fields as in the header, found 6");
        assertThat(
                        read(bytes("[" + object("\"attributes\":{\"a\":\"1\"}") + "]\r\n\u001A"))
                                .counts()
                                .skipped()
                                .endMarks())
                .isEqualTo(1);
        assertThat(
                        read(bytes(object("\"attributes\":{\"a\":\"1\"}") + "\r\n\u001A"))
                                .counts()
                                .skipped()
                                .endMarks())
                .isEqualTo(1);
    }

    @Test
    void a_first_line_that_names_the_separator_is_read_past_and_counted_as_a_line() {
        for (String first : List.of("sep=|", "SEP=|", "\"sep=|\"")) {
            IntakeReport report =
                    read(
                            bytes(
                                    first
                                            + "\r\n"
                                            + (HEADER + "\r\n" + line("tier", ""))
                                                    .replace(',', '|')));
            assertThat(told(report))
                    .hasSize(1)
                    .allMatch(bad -> bad.startsWith("line 3: attribute_value"));
            assertThat(report.form()).isEqualTo("CSV separated by the character |, in UTF-8");
        }
        assertThat(
                        read(bytes("sep=;\n" + HEADER), FileForm.DETECTED.separatedBy(','), WEB)
                                .refusals())
                .containsExactly(
                        "line 1: says that the delimiter is semicolons, and --delimiter says commas: leave --delimiter out");
    }

    @Test
    void a_value_without_a_header_is_never_shown() {
        for (String header :
                List.of(
                        line("tier", "s3cret"),
                        "s3cret",
                        "s3cret;s3cret",
                        "Dear all,please apply s3cret")) {
            assertThat(read(bytes(header + "\n" + line("tier", "gold"))).refusals())
                    .singleElement()
                    .asString()
                    .startsWith("line 1: the header is missing")
                    .doesNotContain("s3cret");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[ | line 1: the array is never closed",
                "[{\"a\":\"b | line 1: the object here is never closed",
                "[1] | line 1: expected an object",
                "[{}{}] | line 1: expected a comma or the end of the array",
                "[{}, ] | line 1: expected an object after the comma",
                "[{}] x | line 1: expected nothing after the array",
                "[] | there are no lines after the header",
                "[{\"a\":}] | line 1: not a JSON object, from column 6 of it; expected one object a line, or an array of objects",
            })
    void an_array_that_is_broken_is_refused_with_its_line(String array, String refusal) {
        assertThat(read(bytes(array)).refusals()).containsExactly(refusal);
    }

    @Test
    void null_stands_for_an_optional_property_that_is_not_there_and_for_nothing_else() {
        assertThat(
                        told(
                                read(
                                        bytes(
                                                object(
                                                                "\"attributes\":{\"a\":\"1\"},\"apply_by\":null,\"Error\":null")
                                                        + "\n"
                                                        + object(
                                                                "\"attribute_name\":\"t\",\"attribute_value\":null")))))
                .containsExactly("line 2: attribute_value: expected a string, found null");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-12-24 18:00:00+00",
                "2026-12-24 18:00:00.123456+00",
                "2026-12-24T18:00:00+0000",
                " 2026-12-24t18:00:00z ",
            })
    void a_time_as_databases_write_it_is_read(String time) {
        IntakeReport report =
                read(bytes(HEADER + ",apply_by\n" + line("tier", "gold") + "," + time));
        assertThat(told(report)).isEmpty();
        assertThat(good)
                .extracting(
                        line -> Objects.requireNonNull(line.applyBy()).toString().substring(0, 16))
                .containsExactly("2026-12-24T18:00");
    }

    @Test
    void a_time_without_an_offset_stays_refused() {
        assertThat(
                        told(
                                read(
                                        bytes(
                                                HEADER
                                                        + ",apply_by\n"
                                                        + line("tier", "gold")
                                                        + ",2026-12-24 18:00:00"))))
                .singleElement()
                .asString()
                .startsWith("line 2: apply_by: expected a time with its offset");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#N/A",
                "#####",
                "1.2E+11",
                "-1,2E-07",
                "a\uFFFDb",
                "a\u0007",
                "M\u00C3\u00BCller"
            })
    void a_value_that_looks_spoilt_is_told_without_the_value(String value) {
        IntakeReport report = read(bytes(HEADER + "\n" + line("tier", "\"" + value + "\"")));
        assertThat(report.isFlawless()).isTrue();
        assertThat(report.warnings())
                .hasSize(1)
                .allMatch(warning -> !warning.reason().contains(value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#1",
                "12E5",
                "1e5",
                "E+11",
                "\u00C2ge",
                "\u00e9t\u00e9",
                "a\tb\nc",
                "50%",
                "  x",
                "-"
            })
    void a_value_that_is_only_unusual_is_not(String value) {
        assertThat(read(bytes(HEADER + "\n" + line("tier", "\"" + value + "\""))).warnings())
                .isEmpty();
    }

    @Test
    void a_pipe_is_read_once() throws IOException, InterruptedException {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        Thread writer =
                Thread.startVirtualThread(() -> {
                    try {
                        Files.writeString(pipe, HEADER + "\n" + line("tier", "gold"));
                    } catch (IOException failure) {
                        throw new UncheckedIOException(failure);
                    }
                });
        Source source = Source.file(pipe);
        assertThat(source.repeatable()).isFalse();
        IntakeReport report = read(source, WEB, null);
        writer.join();
        assertThat(report.isFlawless()).isTrue();
        assertThat(report.source()).isEqualTo(pipe.toString());
        assertThat(report.sha256())
                .isEqualTo(read(bytes(HEADER + "\n" + line("tier", "gold"))).sha256());
    }

    @Test
    void the_rejects_file_takes_the_place_of_no_input_directory_or_device() throws IOException {
        Path file =
                Files.writeString(
                        directory.resolve("changes.csv"), HEADER + "\n" + line("tier", ""));
        Path link = Files.createSymbolicLink(directory.resolve("link.csv"), file);
        Path same = Files.createLink(directory.resolve("same.csv"), file);
        Path roundabout =
                directory.resolve("..").resolve(directory.getFileName()).resolve("changes.csv");
        Source source = Source.file(file);
        for (Path rejects : List.of(file, link, same, roundabout)) {
            assertThat(unfit(rejects, source))
                    .isEqualTo(
                            "the rejects file "
                                    + rejects
                                    + " is the file that is read, and would take its place: name another");
        }
        assertThat(unfit(directory, source)).endsWith(" is a directory: name a file in it");
        assertThat(unfit(Path.of("/dev/null"), source))
                .isEqualTo("the rejects file /dev/null is a device or a pipe: name a file");
        for (Path elsewhere : List.of(Path.of("/dev/null"), directory.resolve("nowhere.csv"))) {
            Path other = directory.resolve("other-" + elsewhere.getFileName());
            assertThat(unfit(Files.createSymbolicLink(other, elsewhere), source))
                    .endsWith(" is a link: name the file that it leads to");
        }
        assertThat(unfit(directory.resolve("new.csv"), source)).isNull();
        assertThat(unfit(Files.writeString(directory.resolve("old.csv"), "x"), source)).isNull();
        assertThat(Files.readString(file)).startsWith(HEADER);
    }

    private static @Nullable String unfit(Path rejects, Source source) {
        return Rejects.unfit(rejects, source);
    }

    private static String line(String name, String value) {
        return C + "," + P + ",agent," + name + "," + value;
    }

    private static String object(String rest) {
        return "{\"conversation_id\":\""
                + C
                + "\",\"participant_id\":\""
                + P
                + "\",\"participant_role\":\"agent\","
                + rest
                + "}";
    }

    private static FileForm in(String encoding) {
        return FileForm.DETECTED.encodedIn(Charset.forName(encoding));
    }

    private static byte[] example(String file) {
        try (InputStream bytes = FilesFromTheFieldTest.class.getResourceAsStream("files/" + file)) {
            return Objects.requireNonNull(bytes, file).readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> told(IntakeReport report) {
        assertThat(report.refusals()).isEmpty();
        return report.badLines().stream().map(BadLine::toString).toList();
    }

    private IntakeReport read(byte[] bytes) {
        return read(bytes, FileForm.DETECTED, WEB);
    }

    private IntakeReport read(byte[] bytes, FileForm form, IntakeRules rules) {
        return read(Source.stream("-", new ByteArrayInputStream(bytes)).in(form), rules, null);
    }

    private IntakeReport read(Source source, IntakeRules rules, @Nullable Path rejects) {
        good.clear();
        var judge =
                new Judge(rules, ChangeSetRequest.by("kim"), Instant.parse("2026-11-23T12:00:00Z"));
        try (var rejected = new Rejects(rejects)) {
            return new FileReading(source, judge, good::add, rejected, true).report();
        }
    }
}
