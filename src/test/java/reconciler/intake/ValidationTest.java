package reconciler.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reconciler.change.ParticipantRole;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ValidationTest {
    private static final String HEADER =
            "conversation_id,participant_id,participant_role,attribute_name,attribute_value";
    private static final String C = "11111111-1111-4111-8111-111111111111";
    private static final String P = "22222222-2222-4222-8222-222222222222";
    private static final IntakeRules WEB =
            IntakeRules.knowing(
                    List.of(new ParticipantRole("contact"), new ParticipantRole("agent")));
    private static final IntakeRules ANY = IntakeRules.knowing(List.of());

    @TempDir Path directory;

    @Test
    void a_good_file_is_flawless() {
        IntakeReport report = validate(WEB, HEADER, C + "," + P + ",contact,tier,gold");
        assertThat(report.isFlawless()).isTrue();
        assertThat(report.lines()).isEqualTo(1);
        assertThat(report.changeSetId()).isNull();
    }

    @Test
    void columns_come_in_any_order() {
        IntakeReport report =
                validate(
                        WEB,
                        "attribute_value,apply_by,attribute_name,participant_role,participant_id,conversation_id",
                        "gold,2026-11-24T00:00:00+01:00,tier,agent," + P + "," + C);
        assertThat(report.isFlawless()).isTrue();
    }

    @Test
    void everything_wrong_with_a_line_is_told_and_the_value_never() {
        IntakeReport report =
                validate(
                        WEB,
                        HEADER + ",not_before,apply_by",
                        "1-1-1-1-1,nobody,customer,,secret\0,tomorrow,2026-11-22");
        assertThat(report.bad()).isEqualTo(1);
        assertThat(told(report))
                .containsExactly(
                        "line 2: conversation_id: expected a UUID, found \"1-1-1-1-1\"",
                        "line 2: participant_id: expected a UUID, found \"nobody\"",
                        "line 2: participant_role: expected contact or agent, found \"customer\"",
                        "line 2: attribute_name: expected a name, found nothing",
                        "line 2: attribute_value: a NUL character cannot be stored",
                        "line 2: not_before: expected a time with its offset, such as"
                                + " 2026-11-23T02:00:00-05:00, found \"tomorrow\": a time is a date, a time"
                                + " of day and an offset",
                        "line 2: apply_by: expected a time with its offset, such as"
                                + " 2026-11-23T02:00:00-05:00, found \"2026-11-22\": a date alone has no time"
                                + " of day: write 2026-11-22T00:00 for its begin or 2026-11-22T24:00 for its"
                                + " end, with an offset such as Z or -05:00");
    }

    @Test
    void a_time_without_an_offset_is_one_of_the_zone_that_was_named() {
        var zone = ZoneId.of("America/New_York");
        String header = HEADER + ",not_before";
        String line = C + "," + P + ",agent,tier,gold,";

        assertThat(told(validate(ANY, header, line + "2026-11-24 02:00")))
                .singleElement()
                .asString()
                .contains("not_before", "the offset is missing");
        assertThat(told(validate(ANY.withZone(zone), header, line + "2026-11-24 02:00"))).isEmpty();
        assertThat(told(validate(ANY.withZone(zone), header, line + "2027-11-07 01:30")))
                .singleElement()
                .asString()
                .contains(
                        "this time comes twice in America/New_York: write 2027-11-07T01:30-04:00"
                                + " (2027-11-07T05:30:00Z) or 2027-11-07T01:30-05:00 (2027-11-07T06:30:00Z)");
    }

    @Test
    void any_well_formed_role_is_good_where_none_is_named() {
        assertThat(told(validate(ANY, HEADER, C + "," + P + ",acd_queue,tier,gold"))).isEmpty();
        assertThat(told(validate(ANY, HEADER, C + "," + P + ",ag!nt,tier,gold")))
                .containsExactly(
                        "line 2: participant_role: expected a role such as contact or agent, found"
                                + " \"ag!nt\"");
    }

    @Test
    void names_and_values_have_their_limits() {
        String name = "\uD83D\uDE00".repeat(256);
        String value = "\u00e9".repeat(4096);
        assertThat(told(validate(ANY, HEADER, C + "," + P + ",agent," + name + "," + value)))
                .isEmpty();
        assertThat(told(validate(ANY, HEADER, C + "," + P + ",agent," + name + "x," + value + "x")))
                .containsExactly(
                        "line 2: attribute_name: expected at most 256 characters, found 257",
                        "line 2: attribute_value: expected at most 8192 bytes, found 8193");
        assertThat(
                        told(
                                validate(
                                        new IntakeRules(List.of(), false, 4),
                                        HEADER,
                                        C + "," + P + ",agent,tier,four",
                                        C + "," + P + ",agent,other,fives")))
                .containsExactly("line 3: attribute_value: expected at most 4 bytes, found 5");
    }

    @Test
    void an_empty_value_has_to_be_meant() {
        String line = C + "," + P + ",agent,tier,";
        assertThat(told(validate(ANY, HEADER, line)))
                .containsExactly(
                        "line 2: attribute_value: expected a value, found nothing (--allow-empty"
                                + " queues empty values)");
        assertThat(told(validate(ANY.withEmptyValues(), HEADER, line))).isEmpty();
    }

    @Test
    void a_time_must_be_to_come_and_in_order() {
        assertThat(
                        told(
                                validate(
                                        ANY,
                                        HEADER + ",not_before,apply_by",
                                        C + "," + P + ",agent,a,v,,2026-11-23T12:00:00Z",
                                        C + "," + P + ",agent,b,v,,2026-11-23T13:00:01+01:00",
                                        C
                                                + ","
                                                + P
                                                + ",agent,c,v,2026-11-25T00:00:00Z,2026-11-24T00:00:00Z")))
                .containsExactly(
                        "line 2: apply_by: expected a time to come, found 2026-11-23T12:00:00Z",
                        "line 4: not_before: expected a time before apply_by, found"
                                + " 2026-11-25T00:00:00Z after 2026-11-24T00:00:00Z");
    }

    @Test
    void a_repeated_line_names_the_earlier_one() {
        assertThat(
                        told(
                                validate(
                                        ANY,
                                        HEADER,
                                        C + "," + P + ",agent,tier,",
                                        C + "," + P + ",agent,tier,gold",
                                        C + "," + P + ",agent,other,gold",
                                        C.toUpperCase(Locale.ROOT) + "," + P + ",agent,tier,silver",
                                        P + "," + P + ",contact,tier,gold",
                                        C + "," + P + ",contact,third,gold")))
                .containsExactly(
                        "line 2: attribute_value: expected a value, found nothing (--allow-empty"
                                + " queues empty values)",
                        "line 5: line 3 sets the same attribute of the same participant",
                        "line 7: participant_role: line 3 gives the same participant another role");
    }

    @Test
    void a_line_is_named_by_where_it_starts() {
        IntakeReport report =
                validate(
                        ANY,
                        HEADER,
                        C + "," + P + ",agent,tier,\"one\r\ntwo\rthree\nfour\"",
                        "",
                        C + "," + P + ",agent,\"oth\"\"er\",\"x\ny\"",
                        C + "," + P + ",agent",
                        C + "," + P + ",agent,a,b,c");
        assertThat(told(report))
                .containsExactly(
                        "line 9: expected 5 fields as in the header, found 3",
                        "line 10: expected 5 fields as in the header, found 6");
        assertThat(report.lines()).isEqualTo(4);
    }

    @Test
    void a_header_is_refused_with_everything_that_is_wrong_with_it() {
        assertThat(
                        validate(
                                        ANY,
                                        "conversation_id,participantid,participant_role,attribute_name,colour,attribute_name",
                                        "x")
                                .refusals())
                .containsExactly(
                        "line 1: unknown column \"participantid\", did you mean"
                                + " \"participant_id\"?",
                        "line 1: unknown column \"colour\"; known are conversation_id, participant_id,"
                                + " participant_role, attribute_name, attribute_value, requested_by,"
                                + " not_before, apply_by, error",
                        "line 1: the column \"attribute_name\" is there twice",
                        "line 1: the column \"participant_id\" is missing",
                        "line 1: the column \"attribute_value\" is missing");
    }

    @Test
    void a_file_without_lines_is_refused() {
        assertThat(validate(ANY).refusals()).containsExactly("the file is empty");
        assertThat(validate(ANY, HEADER).refusals())
                .containsExactly("there are no lines after the header");
    }

    @Test
    void a_quote_that_is_never_closed_refuses_the_file_and_names_the_line() {
        assertThat(
                        validate(
                                        ANY,
                                        HEADER,
                                        C + "," + P + ",agent,tier,gold",
                                        C + "," + P + ",agent,other,\"gold",
                                        C + "," + P + ",agent,third,gold")
                                .refusals())
                .containsExactly("line 3: a quote is opened here and never closed");
        assertThat(validate(ANY, HEADER, C + "," + P + ",agent,tier,\"gold\"en").refusals())
                .containsExactly("line 2: text follows a closing quote");
        assertThat(
                        validate(ANY, HEADER, C + "," + P + ",agent,tier,\"" + "x".repeat(1 << 20))
                                .refusals())
                .containsExactly(
                        "line 2: a field is longer than 1048576 characters, or a quote is opened"
                                + " here and never closed");
    }

    @Test
    void a_byte_order_mark_is_read_past_and_lines_may_end_in_any_way() {
        String text =
                "\uFEFF"
                        + HEADER
                        + "\r\n"
                        + C
                        + ","
                        + P
                        + ",agent,a,b\r"
                        + C
                        + ","
                        + P
                        + ",agent,c,d";
        IntakeReport report = validate(ANY, bytes(text));
        assertThat(report.isFlawless()).isTrue();
        assertThat(report.lines()).isEqualTo(2);
    }

    @Test
    void bytes_that_are_not_utf_8_refuse_the_file_and_name_the_line() {
        for (int padding : new int[] {0, 1, 8_190, 65_500, 65_536, 200_000}) {
            String lines =
                    IntStream.range(0, padding / 200)
                            .mapToObj(i ->
                                    C
                                            + ","
                                            + UUID.randomUUID()
                                            + ",agent,tier,"
                                            + "\u00e9".repeat(50)
                                            + "\r\n")
                            .collect(Collectors.joining());
            byte[] good = bytes(HEADER + "\r\n" + lines + "\"a\nb\rc\"");
            byte[] text = Arrays.copyOf(good, good.length + 2);
            text[good.length] = (byte) 0xE4;
            text[good.length + 1] = '\n';
            assertThat(validate(ANY, text).refusals())
                    .containsExactly(
                            "line "
                                    + (padding / 200 + 4)
                                    + ": the byte 0xE4 is not UTF-8: save the file as UTF-8, or name its encoding,"
                                    + " such as --encoding windows-1252");
        }
        assertThat(validate(ANY, new byte[] {'a', (byte) 0xF0, (byte) 0x9F}).refusals())
                .singleElement()
                .asString()
                .startsWith("line 1: the byte 0xF0 is not UTF-8");
    }

    @Test
    void a_file_that_cannot_be_read_is_refused() {
        var absent = Source.file(directory.resolve("absent.csv"));
        assertThat(validate(ANY, absent, null).refusals()).containsExactly("there is no such file");
        var broken =
                new Source(
                        "broken",
                        null,
                        () -> {
                            throw new IOException("the disk is gone");
                        },
                        FileForm.DETECTED,
                        true);
        assertThat(validate(ANY, broken, null).refusals())
                .containsExactly("the file cannot be read: the disk is gone");
        assertThat(validate(ANY, Source.file(directory), null).refusals())
                .singleElement()
                .asString()
                .startsWith("the file cannot be read: ");
    }

    @Test
    void the_hash_is_that_of_the_bytes() {
        IntakeReport report =
                validate(ANY, bytes("\uFEFF" + HEADER + "\n" + C + "," + P + ",agent,a,b\n"));
        assertThat(report.sha256())
                .isEqualTo("3e4643ccc3243749f7e25882e2980c2be656b9a4196503bede2a6f7565f8753f");
    }

    @Test
    void only_so_many_problems_are_kept_but_all_are_counted() {
        String[] lines = new String[5001];
        Arrays.fill(lines, "x,x,ag!nt,tier,gold");
        lines[0] = HEADER;
        IntakeReport report = validate(ANY, lines);
        assertThat(report.bad()).isEqualTo(5000);
        assertThat(report.badLines()).hasSize(IntakeReport.MOST_LINES_KEPT);
    }

    @Test
    void what_was_found_is_quoted_without_what_a_terminal_obeys() {
        String hostile = "\u001b[2J\u202e" + "x".repeat(100);
        assertThat(told(validate(ANY, HEADER, C + "," + P + "," + hostile + ",tier,gold")))
                .containsExactly(
                        "line 2: participant_role: expected a role such as contact or agent,"
                                + " found \"?[2J?"
                                + "x".repeat(55)
                                + "...\"");
    }

    @Test
    void the_limits_of_a_file_are_told() {
        var endless =
                Source.stream(
                        "endless",
                        new SequenceInputStream(
                                new ByteArrayInputStream(bytes(HEADER)), new NothingButLines()));
        assertThat(validate(ANY, endless, null).refusals())
                .containsExactly("the file is larger than 250 MB: divide it");
        assertThat(
                        validate(
                                        ANY,
                                        bytes(
                                                HEADER
                                                        + "\n"
                                                        + "x\n".repeat(IntakeRules.MAX_LINES + 1)))
                                .refusals())
                .containsExactly("the file has more than 1000000 lines: divide it");
    }

    @Test
    void rejected_lines_can_be_corrected_and_come_back() throws IOException {
        Path rejects = directory.resolve("orders.rejects.csv");
        String value = "\"one, \"\"two\"\"\nthree\"";
        validate(
                ANY,
                stream(
                        HEADER,
                        C + "," + P + ",agent,tier,gold",
                        C + "," + P + ",ag!nt,note," + value,
                        C + "," + P + ",agent"),
                rejects);
        String rejected = Files.readString(rejects);
        assertThat(rejected)
                .isEqualTo(
                        "error,"
                                + HEADER
                                + "\r\n\"line 3: participant_role: expected a role such as contact"
                                + " or agent, found \"\"ag!nt\"\"\","
                                + C
                                + ","
                                + P
                                + ",ag!nt,note,"
                                + value
                                + "\r\n\"line 5: expected 5 fields as in the header, found 3\","
                                + C
                                + ","
                                + P
                                + ",agent\r\n");
        Files.writeString(rejects, rejected.replace(",ag!nt,", ",agent,"));
        Path others = directory.resolve("others.csv");
        IntakeReport second = validate(ANY, Source.file(rejects), others);
        assertThat(second.good()).isEqualTo(1);
        assertThat(Files.readString(others)).startsWith("error," + HEADER + "\r\n").hasLineCount(2);
        assertThat(directory).isDirectoryNotContaining(file -> file.toString().endsWith(".part"));
    }

    @Test
    void no_rejects_file_appears_for_a_flawless_or_a_refused_file() {
        Path rejects = directory.resolve("rejects.csv");
        validate(ANY, stream(HEADER, C + "," + P + ",agent,tier,gold"), rejects);
        assertThat(rejects).doesNotExist();
        validate(ANY, stream(HEADER, "x,x,x,x,x", "\"open"), rejects);
        assertThat(rejects).doesNotExist();
        assertThat(directory).isEmptyDirectory();
    }

    private static final class NothingButLines extends InputStream {
        @Override
        public int read() {
            return '\n';
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            Arrays.fill(target, offset, offset + length, (byte) '\n');
            return length;
        }
    }

    private static IntakeReport validate(IntakeRules rules, String... lines) {
        return validate(rules, stream(lines), null);
    }

    private static IntakeReport validate(IntakeRules rules, byte[] bytes) {
        return validate(rules, Source.stream("-", new ByteArrayInputStream(bytes)), null);
    }

    private static IntakeReport validate(IntakeRules rules, Source source, @Nullable Path rejects) {
        var clock = InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));
        return new Validation(clock).validate(source, ChangeSetRequest.by("kim"), rules, rejects);
    }

    private static Source stream(String... lines) {
        return Source.stream("-", new ByteArrayInputStream(bytes(String.join("\n", lines))));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> told(IntakeReport report) {
        assertThat(report.refusals()).isEmpty();
        return report.badLines().stream().map(BadLine::toString).toList();
    }
}
