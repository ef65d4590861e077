package reconciler.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.intake.WorkbookFile.inline;
import static reconciler.intake.WorkbookFile.number;
import static reconciler.intake.WorkbookFile.row;
import static reconciler.intake.WorkbookFile.styled;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class WorkbooksTest {
    private static final String C = "11111111-1111-4111-8111-111111111111";
    private static final String P = "22222222-2222-4222-8222-222222222222";
    private static final String[] HEADER = {
        "conversation_id", "participant_id", "participant_role", "attribute_name", "attribute_value"
    };

    @TempDir Path directory;
    private final List<String> asked = new ArrayList<>();
    private final WorkbookFile workbook = new WorkbookFile();

    @Test
    void the_first_sheet_is_read_text_by_text_and_numbers_as_a_person_writes_them() {
        IntakeReport report =
                read(
                        sheet(
                                workbook.texts(
                                        2, C, P, "Agent", "note", " \"a, b\"\r\nc & <d> \u00e9"),
                                line(3, "n1", number("E3", "490000000000")),
                                line(5, "n2", number("E5", "4.9E+11")),
                                line(6, "n3", number("E6", "0.10000000000000001")),
                                line(7, "n4", number("E7", "-1.50")),
                                line(8, "n5", "<c r=\"E8\" t=\"b\"><v>1</v></c>"),
                                line(9, "n6", styled("E9", 2, "007")),
                                line(10, "n7", inline("E10", "in line")),
                                line(
                                        11,
                                        "n8",
                                        "<c r=\"E11\" t=\"inlineStr\"><is><r><t>two </t></r><r><t>runs</t></r><rPh><t>x</t></rPh></is></c>")));
        assertThat(report.badLines()).isEmpty();
        assertThat(report.refusals()).isEmpty();
        assertThat(report.form()).isEqualTo("the sheet \"Tiers\" of a workbook");
        assertThat(asked)
                .containsExactly(
                        "note= \"a, b\"\r\nc & <d> \u00e9",
                        "n1=490000000000",
                        "n2=490000000000",
                        "n3=0.1",
                        "n4=-1.5",
                        "n5=TRUE",
                        "n6=7",
                        "n7=in line",
                        "n8=two runs");
        assertThat(report.counts().normalised()).containsEntry(Normalisation.ROLE, 1L);
    }

    @Test
    void dates_formulas_errors_and_numbers_without_their_last_digits_are_refused_with_their_cell() {
        IntakeReport report =
                read(
                        sheet(
                                line(2, "a", styled("E2", 1, "45000")),
                                line(3, "b", styled("E3", 4, "45000.5")),
                                line(4, "c", "<c r=\"E4\" t=\"d\"><v>2026-11-23</v></c>"),
                                line(5, "d", "<c r=\"E5\"><f>A1+1</f><v>7</v></c>"),
                                line(
                                        6,
                                        "e",
                                        "<c r=\"E6\" t=\"str\"><f>VLOOKUP(A1,B:C,2)</f><v>gold</v></c>"),
                                line(7, "f", "<c r=\"E7\" t=\"e\"><v>#REF!</v></c>"),
                                line(8, "g", number("E8", "1234567890123450")),
                                line(9, "h", "<c r=\"E9\"><f>NOW()</f></c>")));
        assertThat(report.bad()).isEqualTo(8);
        assertThat(report.badLines())
                .extracting(BadLine::toString)
                .satisfiesExactly(
                        date ->
                                assertThat(date)
                                        .startsWith("line 2: attribute_value: E2 is a date, "),
                        date ->
                                assertThat(date)
                                        .startsWith("line 3: attribute_value: E3 is a date, "),
                        date ->
                                assertThat(date)
                                        .startsWith("line 4: attribute_value: E4 is a date, "),
                        formula ->
                                assertThat(formula)
                                        .isEqualTo(
                                                "line 5: attribute_value: E5 is a formula: put its value in its place"
                                                        + " (paste as values)"),
                        formula ->
                                assertThat(formula)
                                        .startsWith("line 6: attribute_value: E6 is a formula"),
                        error ->
                                assertThat(error)
                                        .startsWith("line 7: attribute_value: E7 is an error"),
                        digits ->
                                assertThat(digits)
                                        .startsWith(
                                                "line 8: attribute_value: E8 is a number of more than the 15"),
                        formula -> assertThat(formula).startsWith("line 9: attribute_value: "));
        assertThat(asked).isEmpty();
    }

    @Test
    void what_a_person_sees_in_another_form_is_taken_with_a_warning() {
        IntakeReport report =
                read(
                        sheet(
                                line(2, "a", styled("E2", 3, "0.5")),
                                line(3, "b", styled("E3", 5, "1234")),
                                workbook.texts(4, C, P, "agent", "c", "x")
                                        .replace("<row r=\"4\"", "<row r=\"4\" hidden=\"1\"")));
        assertThat(report.isFlawless()).isTrue();
        assertThat(report.counts().warned()).isEqualTo(3);
        assertThat(report.warnings())
                .extracting(LineWarning::toString)
                .satisfiesExactly(
                        shown ->
                                assertThat(shown)
                                        .startsWith(
                                                "line 2: attribute_value: E2 is shown in a format of its own"),
                        shown ->
                                assertThat(shown)
                                        .startsWith(
                                                "line 3: attribute_value: E3 is shown in a format of its own"),
                        hidden ->
                                assertThat(hidden)
                                        .isEqualTo(
                                                "line 4: the row is hidden in the spreadsheet, by a filter or by hand"));
        assertThat(asked).containsExactly("a=0.5", "b=1234", "c=x");
    }

    @Test
    void merged_cells_among_the_lines_refuse_the_workbook_and_elsewhere_do_no_harm() {
        String lines = sheet(line(2, "a", inline("E2", "x")), line(3, "b", inline("E3", "y")));
        assertThat(read(workbook("Tiers", lines, merged("A2:A3"))).refusals())
                .containsExactly(
                        "the cells A2:A3 are merged, and only the first of them has a value: unmerge them and fill all"
                                + " of them");
        assertThat(read(workbook("Tiers", lines, merged("G2:H9"))).isFlawless()).isTrue();
    }

    @Test
    void a_sheet_is_chosen_by_name_or_number_and_a_hidden_one_by_name_only() {
        workbook.sheet("Notes", row(1, inline("A1", "see the other sheet")));
        workbook.sheet("Tiers", sheet(line(2, "a", inline("E2", "x"))));
        byte[] bytes = workbook.bytes();
        assertThat(read(bytes).refusals())
                .singleElement()
                .asString()
                .startsWith("line 1: the header is missing");
        for (String sheet : List.of("Tiers", " tiers", "2")) {
            IntakeReport report = read(bytes, FileForm.DETECTED.ofSheet(sheet));
            assertThat(report.isFlawless()).isTrue();
            assertThat(report.form()).isEqualTo("the sheet \"Tiers\" (one of 2) of a workbook");
        }
        assertThat(read(bytes, FileForm.DETECTED.ofSheet("3")).refusals())
                .containsExactly(
                        "the workbook has no sheet of the name or number that --sheet says; there are \"Notes\", \"Tiers\"");

        var hidden = new WorkbookFile();
        hidden.sheet("Old", hidden.texts(1, HEADER) + hidden.texts(2, C, P, "agent", "a", "x"));
        hidden.sheet("New", "").hide("Old");
        assertThat(read(hidden.bytes()).refusals())
                .singleElement()
                .asString()
                .startsWith("the first sheet of the workbook is hidden: ")
                .endsWith("there are \"Old\" (hidden), \"New\"");
        assertThat(read(hidden.bytes(), FileForm.DETECTED.ofSheet("Old")).isFlawless()).isTrue();
    }

    @Test
    void another_sheet_is_another_content_and_the_first_has_the_hash_of_the_file() {
        workbook.sheet("One", sheet(line(2, "a", inline("E2", "x"))));
        workbook.sheet("Two", sheet(line(2, "a", inline("E2", "x"))));
        byte[] bytes = workbook.bytes();
        String first = read(bytes).sha256();
        assertThat(read(bytes, FileForm.DETECTED.ofSheet("One")).sha256()).isEqualTo(first);
        assertThat(read(bytes, FileForm.DETECTED.ofSheet("Two")).sha256())
                .isNotEqualTo(first)
                .isNotNull();
        assertThat(first).isEqualTo(sha256(bytes));
    }

    @Test
    void rows_of_nothing_and_columns_without_a_name_are_passed_over_unless_something_is_in_them() {
        IntakeReport report =
                read(
                        sheet(
                                line(2, "a", inline("E2", "x"), "<c r=\"G2\" s=\"1\"/>"),
                                row(3, "<c r=\"A3\" s=\"1\"/>", inline("B3", "  ")),
                                row(4)));
        assertThat(report.isFlawless()).isTrue();
        assertThat(report.counts().skipped().blankRows()).isEqualTo(2);
        IntakeReport beyond = read(sheet(line(2, "a", inline("E2", "x"), inline("G2", "note"))));
        assertThat(beyond.badLines())
                .extracting(BadLine::toString)
                .containsExactly("line 2: expected 5 fields as in the header, found 7");
    }

    @Test
    void the_bad_lines_of_a_workbook_are_written_as_csv_that_can_be_corrected() throws IOException {
        Path rejects = directory.resolve("bad.csv");
        read(
                workbook(
                        "T",
                        sheet(line(2, "a", inline("E2", "x")), line(3, "", inline("E3", "a,b"))),
                        ""),
                FileForm.DETECTED,
                rejects);
        assertThat(Files.readString(rejects))
                .isEqualTo(
                        "error,"
                                + String.join(",", HEADER)
                                + "\r\n\"line 3: attribute_name: expected a name, found nothing\","
                                + C
                                + ","
                                + P
                                + ",agent,,\"a,b\"\r\n");
    }

    @Test
    void a_workbook_that_comes_in_a_stream_is_the_same_as_in_a_file() throws IOException {
        byte[] bytes = workbook("T", sheet(line(2, "a", inline("E2", "x"))), "");
        IntakeReport streamed = read(bytes);
        IntakeReport file = read(Source.file(Files.write(directory.resolve("t.csv"), bytes)), null);
        assertThat(streamed.isFlawless()).isTrue();
        assertThat(file.isFlawless()).isTrue();
        assertThat(file.sha256()).isEqualTo(streamed.sha256()).isEqualTo(sha256(bytes));
    }

    @Test
    void a_workbook_that_is_cut_off_or_damaged_anywhere_is_refused_in_one_sentence() {
        byte[] whole =
                workbook(
                        "T",
                        sheet(
                                line(2, "a", inline("E2", "x")),
                                workbook.texts(3, C, P, "agent", "b", "y")),
                        "");
        assertThat(read(whole).isFlawless()).isTrue();
        for (int length = 9; length < whole.length; length += 7) {
            assertThat(read(Arrays.copyOf(whole, length)).refusals())
                    .as("%d of %d bytes", length, whole.length)
                    .hasSize(1);
        }
        for (int i = 0; i < whole.length; i += 3) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 0x55;
            IntakeReport report = read(damaged);
            if (!report.refusals().isEmpty()) {
                assertThat(report.refusals()).hasSize(1);
            } else {
                assertThat(report.changes()).as("byte %d", i).isEqualTo(2);
            }
        }
    }

    @Test
    void other_documents_are_refused_by_what_they_are() throws IOException {
        byte[] ole = Arrays.copyOf(HexFormat.of().parseHex("d0cf11e0a1b11ae1"), 600);
        assertThat(read(ole).refusals())
                .singleElement()
                .asString()
                .startsWith(
                        "the file is a workbook of the old form (.xls), or one with a password");
        assertThat(read(zip("mimetype", "content.xml")).refusals())
                .singleElement()
                .asString()
                .contains(".ods");
        assertThat(read(zip("a.csv", "b.csv")).refusals())
                .singleElement()
                .asString()
                .startsWith("the zip file holds 2 files");
        assertThat(read(zip()).refusals()).hasSize(1);
        workbook.spoilt.put(
                "_rels/.rels",
                "<Relationships><Relationship Id=\"a\" Type=\"x/officeDocument\" Target=\"xl/workbook.bin\"/></Relationships>"
                        .getBytes(StandardCharsets.UTF_8));
        assertThat(read(workbook.bytes()).refusals()).singleElement().asString().contains(".xlsb");
        assertThat(read("%PDF-1.7".getBytes(StandardCharsets.UTF_8)).refusals())
                .singleElement()
                .asString()
                .contains("PDF");
        assertThat(
                        read("a,b".getBytes(StandardCharsets.UTF_8), FileForm.DETECTED.ofSheet("x"))
                                .refusals())
                .containsExactly(
                        "--sheet names a sheet of a workbook (.xlsx), and the file is none");
        assertThat(read(workbook("T", sheet(), ""), FileForm.DETECTED.separatedBy(',')).refusals())
                .singleElement()
                .asString()
                .startsWith("the file is a workbook: --delimiter");
    }

    @Test
    void what_no_spreadsheet_program_writes_is_refused_before_it_takes_memory() {
        List<String> sheets =
                List.of(
                        row(1, inline("ZZZZZZZZ1", "x")),
                        row(1, inline("XFE1", "x")),
                        row(1, "<c r=\"A1\" t=\"s\"><v>4000000</v></c>"),
                        row(1, "<c r=\"A1\" t=\"nonsense\"><v>1</v></c>"),
                        row(1, number("A1", "1E999999999")),
                        row(1, number("A1", "NaN")),
                        row(2, inline("A2", "x")) + row(1, inline("A1", "x")),
                        row(99999999, inline("A1", "x")),
                        "<a>".repeat(100_000),
                        "<row><c><v>&undefined;</v></c></row>",
                        "<row x=\"" + "y".repeat(3_000_000) + "\"/>",
                        "<row><c t=\"inlineStr\"><is><t>"
                                + "y".repeat(3_000_000)
                                + "</t></is></c></row>");
        for (String sheet : sheets) {
            var spoilt = new WorkbookFile().sheet("T", sheet);
            assertThat(read(spoilt.bytes()).refusals())
                    .as(sheet.substring(0, Math.min(80, sheet.length())))
                    .hasSize(1);
        }
        var names = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            names.append("<n").append(i).append("/>");
        }
        assertThat(read(new WorkbookFile().sheet("T", names.toString()).bytes()).refusals())
                .singleElement()
                .asString()
                .contains("names");
        var declared = new WorkbookFile().sheet("T", "");
        declared.spoilt.put(
                "xl/worksheets/sheet1.xml",
                ("<!DOCTYPE x [<!ENTITY a \""
                                + "b".repeat(1000)
                                + "\"><!ENTITY c \"&a;&a;&a;&a;\">]><worksheet><sheetData><row><c t=\"inlineStr\"><is><t>&c;</t></is></c></row></sheetData></worksheet>")
                        .getBytes(StandardCharsets.UTF_8));
        assertThat(read(declared.bytes()).refusals()).hasSize(1);
    }

    @Test
    void a_bomb_ends_at_a_limit() throws IOException {
        assertThat(read(bomb("changes.csv", "", '\0', 1_000_000_000L)).refusals())
                .singleElement()
                .asString()
                .startsWith("line 1: a NUL character");
        assertThat(
                        read(bomb("changes.csv", String.join(",", HEADER), '\n', 300_000_000L))
                                .refusals())
                .containsExactly("the file is larger than 250 MB: divide it");
        assertThat(read(bomb("changes.csv", "", ',', 1_000_000L)).refusals())
                .containsExactly("line 1: more than 16384 columns");
        byte[] workbook =
                bomb("xl/worksheets/sheet1.xml", "<worksheet><sheetData>", ' ', 1_000_000_000L);
        assertThat(read(workbook).refusals())
                .containsExactly(
                        "the part xl/worksheets/sheet1.xml of the workbook has a tag or a text of more than"
                                + " 1048576 bytes");
    }

    /// A megabyte or two of zip. In a workbook it is one of its parts.
    private byte[] bomb(String name, String beginning, char filling, long length)
            throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            zip.setLevel(Deflater.BEST_SPEED);
            if (name.startsWith("xl/")) {
                for (var part : workbook.sheet("T", "").parts().entrySet()) {
                    if (!part.getKey().equals(name)) {
                        zip.putNextEntry(new ZipEntry(part.getKey()));
                        zip.write(part.getValue());
                    }
                }
            }
            zip.putNextEntry(new ZipEntry(name));
            zip.write(beginning.getBytes(StandardCharsets.UTF_8));
            byte[] block =
                    String.valueOf(filling).repeat(1_000_000).getBytes(StandardCharsets.UTF_8);
            for (long i = 0; i < length; i += block.length) {
                zip.write(block);
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] zip(String... names) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write("x".getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    /// The header and these rows.
    private String sheet(String... rows) {
        return workbook.texts(1, HEADER) + String.join("", rows);
    }

    /// A row whose value is made by the test.
    private String line(int number, String name, String... cells) {
        return workbook.texts(number, C, P, "agent", name)
                .replace("</row>", String.join("", cells) + "</row>");
    }

    private static String merged(String range) {
        return "<sheetProtection/><mergeCells count=\"1\"><mergeCell ref=\""
                + range
                + "\"/></mergeCells>";
    }

    private byte[] workbook(String name, String rows, String after) {
        return workbook.sheet(name, rows, after).bytes();
    }

    private IntakeReport read(String rows) {
        return read(workbook("Tiers", rows, ""));
    }

    private IntakeReport read(byte[] bytes) {
        return read(bytes, FileForm.DETECTED);
    }

    private IntakeReport read(byte[] bytes, FileForm form) {
        return read(bytes, form, null);
    }

    private IntakeReport read(byte[] bytes, FileForm form, @Nullable Path rejects) {
        return read(Source.stream("-", new ByteArrayInputStream(bytes)).in(form), rejects);
    }

    private IntakeReport read(Source source, @Nullable Path rejects) {
        asked.clear();
        var judge =
                new Judge(
                        IntakeRules.knowing(List.of()),
                        ChangeSetRequest.by("kim"),
                        Instant.parse("2026-11-23T12:00:00Z"));
        try (var rejected = new Rejects(rejects)) {
            return new FileReading(
                            source,
                            judge,
                            line -> asked.add(line.name() + "=" + line.value()),
                            rejected,
                            true)
                    .report();
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
