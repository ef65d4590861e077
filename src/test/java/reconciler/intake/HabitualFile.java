package reconciler.intake;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/// A file as a person or a program might write it, with what is meant by it: lines of good content
/// in any form that is read, and bad ones that have to be named.
final class HabitualFile {
    static final List<String> COLUMNS =
            List.of(
                    "conversation_id",
                    "participant_id",
                    "participant_role",
                    "attribute_name",
                    "attribute_value",
                    "apply_by");

    private static final List<String> VALUES =
            List.of(
                    "gold",
                    "7",
                    "caf\u00e9",
                    "a,b;c",
                    "say \"x\"",
                    "two\nlines",
                    " blanks ",
                    "=1+1",
                    "tab\there");

    enum Form {
        CSV,
        JSON_LINES,
        JSON_ARRAY,
        WORKBOOK
    }

    enum Packing {
        NONE,
        GZIP,
        ZIP
    }

    /// A line that is good.
    record Meant(
            UUID conversation,
            UUID participant,
            String role,
            String name,
            String value,
            @Nullable Instant applyBy) {}

    /// Where a bad line is to be named.
    record Named(long line, String column) {}

    final Form form;
    final Packing packing;
    final FileForm told;
    final List<Meant> meant = new ArrayList<>();
    final List<Named> named = new ArrayList<>();
    final byte[] bytes;
    private final Random random;
    private final Charset charset;

    HabitualFile(Random random) {
        this.random = random;
        this.form = one(Form.values());
        this.packing = form == Form.WORKBOOK ? Packing.NONE : one(Packing.values());
        String encoding =
                form == Form.WORKBOOK
                        ? "UTF-8"
                        : one(
                                "UTF-8",
                                "UTF-8",
                                "UTF-8+mark",
                                "UTF-16LE+mark",
                                "UTF-16BE+mark",
                                "windows-1252");
        this.charset = Charset.forName(encoding.replace("+mark", ""));
        this.told =
                encoding.equals("windows-1252")
                        ? FileForm.DETECTED.encodedIn(charset)
                        : FileForm.DETECTED;
        byte[] content =
                switch (form) {
                    case CSV -> text(encoding, csv());
                    case JSON_LINES -> text(encoding, json(false));
                    case JSON_ARRAY -> text(encoding, json(true));
                    case WORKBOOK -> workbook();
                };
        this.bytes = packed(content);
    }

    @Override
    public String toString() {
        return form + " " + packing + " " + charset;
    }

    /// The fields of one more line, as they are written, and what is meant by them.
    ///
    /// @param line on which it will start
    private List<String> fields(long line) {
        var one =
                new Meant(
                        uuid(),
                        uuid(),
                        one("contact", "agent"),
                        one("tier", "customer.tier", "vip") + random.nextInt(1000),
                        one(VALUES.toArray(String[]::new)),
                        random.nextInt(3) == 0 ? Instant.parse("2026-12-24T18:00:00Z") : null);
        var fields =
                new ArrayList<>(
                        List.of(
                                id(one.conversation()),
                                id(one.participant()),
                                one(
                                        one.role(),
                                        one.role().toUpperCase(Locale.ROOT),
                                        " " + one.role() + " "),
                                one.name(),
                                one.value(),
                                one.applyBy() == null
                                        ? ""
                                        : one(
                                                "2026-12-24T18:00:00Z",
                                                "2026-12-24 18:00:00+00",
                                                " 2026-12-24T19:00:00+01:00")));
        if (random.nextInt(8) == 0) {
            int column = one(0, 1, 2, 3, 5);
            fields.set(
                    column,
                    switch (column) {
                        case 0, 1 ->
                                one(
                                        "4711",
                                        "6.5E+35",
                                        id(uuid()).replaceFirst("[0-9a-fA-F]", "O"),
                                        "");
                        case 2 -> one("customer!", "");
                        case 3 -> one("", " ");
                        default -> one("tomorrow", "2026-12-24 18:00", "24.12.2026");
                    });
            named.add(new Named(line, COLUMNS.get(column)));
        } else {
            meant.add(one);
        }
        return fields;
    }

    private String id(UUID id) {
        String text = id.toString();
        String usual = one(text, text, text, text.toUpperCase(Locale.ROOT), text.replace("-", ""));
        return switch (random.nextInt(9)) {
            case 0 -> "{" + usual + "}";
            case 1 -> "urn:uuid:" + usual;
            case 2 -> " " + usual + "\t";
            case 3 -> usual + "\u00A0";
            case 4 -> charset.equals(Charset.forName("windows-1252")) ? usual : "\u200B" + usual;
            default -> usual;
        };
    }

    private String csv() {
        char delimiter = one(',', ';', '\t');
        String end = one("\n", "\r\n", "\r");
        var text = new StringBuilder();
        boolean quoteAll = random.nextInt(4) == 0;
        String blank = quoteAll && delimiter == ',' && random.nextBoolean() ? " " : "";
        String trailing = String.valueOf(delimiter).repeat(one(0, 0, 2));
        int lines = 1;
        if (random.nextInt(4) == 0) {
            text.append("sep=").append(delimiter).append(end);
            lines++;
        }
        text.append(
                String.join(
                        delimiter + blank,
                        COLUMNS.stream()
                                .map(this::columnName)
                                .map(name -> field(name, delimiter, quoteAll))
                                .toList()));
        text.append(trailing).append(end);
        for (int i = 0; i < 1 + random.nextInt(30); i++) {
            lines++;
            if (random.nextInt(10) == 0) {
                text.append(
                                one(
                                        "",
                                        String.valueOf(delimiter).repeat(5),
                                        " " + delimiter + "\u00A0" + delimiter))
                        .append(end);
                continue;
            }
            List<String> fields = fields(lines);
            text.append(
                    String.join(
                            delimiter + blank,
                            fields.stream()
                                    .map(field -> field(field, delimiter, quoteAll))
                                    .toList()));
            text.append(trailing).append(end);
            lines += fields.stream().anyMatch(field -> field.contains("\n")) ? 1 : 0;
        }
        return text.append(one("", "", "\u001A")).toString();
    }

    private String columnName(String name) {
        return one(name, name, name.toUpperCase(Locale.ROOT), " " + name, name + "\u00A0");
    }

    /// One line of a value stays one in every kind of line end.
    private String field(String text, char delimiter, boolean always) {
        boolean needed =
                text.indexOf(delimiter) >= 0
                        || text.contains("\"")
                        || text.contains("\n")
                        || text.contains("\r");
        return always || needed ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
    }

    private String json(boolean isArray) {
        String between = isArray ? one(",", ",\n", "\n,\n") : "\n";
        var text = new StringBuilder(isArray ? one("[", "[\n", "\n [ ") : "");
        int count = 1 + random.nextInt(30);
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : between);
            List<String> fields =
                    fields(1 + text.chars().filter(character -> character == '\n').count());
            var properties = new ArrayList<String>();
            for (int column = 0; column < COLUMNS.size(); column++) {
                String field = fields.get(column);
                properties.add(
                        quoted(COLUMNS.get(column))
                                + one(":", " : ")
                                + (column == 5 && field.isEmpty() ? "null" : quoted(field)));
            }
            text.append('{')
                    .append(String.join(isArray ? one(",", ",\n ") : ",", properties))
                    .append('}');
        }
        return text.append(isArray ? one("]", "\n]\n") : one("", "\n")).toString();
    }

    private static String quoted(String text) {
        return "\""
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\t", "\\t")
                + "\"";
    }

    private byte[] workbook() {
        var file = new WorkbookFile();
        int number = 1 + random.nextInt(3);
        var rows =
                new StringBuilder(
                        file.texts(
                                number,
                                COLUMNS.stream().map(this::columnName).toArray(String[]::new)));
        for (int i = 0; i < 1 + random.nextInt(30); i++) {
            number += 1 + random.nextInt(2);
            if (random.nextInt(10) == 0) {
                rows.append(WorkbookFile.row(number, "<c r=\"A" + number + "\" s=\"2\"/>"));
                continue;
            }
            List<String> fields = fields(number);
            var cells = new ArrayList<String>();
            for (int column = 0; column < fields.size(); column++) {
                String field = fields.get(column);
                String address = WorkbookFile.address(column, number);
                if (field.equals("7")) {
                    cells.add(WorkbookFile.number(address, one("7", "7.0", "7E0")));
                } else if (!field.isEmpty()) {
                    cells.add(
                            random.nextBoolean()
                                    ? file.text(address, field)
                                    : WorkbookFile.inline(address, field));
                }
            }
            rows.append(WorkbookFile.row(number, cells.toArray(String[]::new)));
        }
        file.sheet("Changes", rows.toString());
        if (random.nextBoolean()) {
            file.sheet("Old", "").hide("Old");
        }
        return file.bytes();
    }

    private byte[] text(String encoding, String text) {
        return (encoding.endsWith("+mark") ? "\uFEFF" + text : text).getBytes(charset);
    }

    private byte[] packed(byte[] content) {
        var packed = new ByteArrayOutputStream();
        try (OutputStream out = packer(packed)) {
            out.write(content);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return packed.toByteArray();
    }

    private OutputStream packer(OutputStream packed) throws IOException {
        return switch (packing) {
            case NONE -> packed;
            case GZIP -> new GZIPOutputStream(packed);
            case ZIP -> {
                var zip = new ZipOutputStream(packed, StandardCharsets.UTF_8);
                zip.putNextEntry(new ZipEntry("changes.txt"));
                yield zip;
            }
        };
    }

    private UUID uuid() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private <T> T one(T... several) {
        return several[random.nextInt(several.length)];
    }
}
