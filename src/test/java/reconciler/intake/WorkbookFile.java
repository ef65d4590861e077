package reconciler.intake;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Writes a workbook as spreadsheet programs do, part by part, so that a test can spoil any of
/// them. Style 1 is a date, style 2 text, style 3 a percentage, style 4 an own date, 5 leading
/// zeros.
final class WorkbookFile {
    private static final String MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private static final String OFFICE =
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    private final Map<String, String> sheets = new LinkedHashMap<>();
    private final Map<String, String> states = new LinkedHashMap<>();
    private final Map<String, Integer> shared = new LinkedHashMap<>();
    private Map<String, byte[]> parts = new LinkedHashMap<>();

    /// What a test puts in the place of a part, or beside it.
    final Map<String, byte[]> spoilt = new LinkedHashMap<>();

    /// @param rows `row` elements
    WorkbookFile sheet(String name, String rows) {
        return sheet(name, rows, "");
    }

    /// @param after what follows `sheetData`
    WorkbookFile sheet(String name, String rows, String after) {
        sheets.put(
                name,
                "<worksheet xmlns=\""
                        + MAIN
                        + "\"><dimension ref=\"A1\"/><cols><col min=\"1\" max=\"5\" width=\"9\"/></cols><sheetData>"
                        + rows
                        + "</sheetData>"
                        + after
                        + "</worksheet>");
        return this;
    }

    WorkbookFile hide(String name) {
        states.put(name, "hidden");
        return this;
    }

    static String row(int number, String... cells) {
        return "<row r=\"" + number + "\">" + String.join("", cells) + "</row>";
    }

    /// A row of texts from column A on; nothing for an empty one.
    String texts(int number, String... texts) {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < texts.length; i++) {
            if (!texts[i].isEmpty()) {
                cells.add(text(address(i, number), texts[i]));
            }
        }
        return row(number, cells.toArray(String[]::new));
    }

    /// As Excel writes it: in the table of texts.
    String text(String address, String text) {
        Integer index = shared.computeIfAbsent(text, _ -> shared.size());
        return "<c r=\"" + address + "\" t=\"s\"><v>" + index + "</v></c>";
    }

    static String inline(String address, String text) {
        return "<c r=\"" + address + "\" t=\"inlineStr\"><is><t>" + escaped(text) + "</t></is></c>";
    }

    static String number(String address, String stored) {
        return "<c r=\"" + address + "\"><v>" + stored + "</v></c>";
    }

    static String styled(String address, int style, String stored) {
        return "<c r=\"" + address + "\" s=\"" + style + "\"><v>" + stored + "</v></c>";
    }

    static String address(int column, int row) {
        return (char) ('A' + column) + String.valueOf(row);
    }

    byte[] bytes() {
        var bytes = new ByteArrayOutputStream();
        write(bytes);
        return bytes.toByteArray();
    }

    void write(OutputStream out) {
        try (var zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> part : parts().entrySet()) {
                zip.putNextEntry(new ZipEntry(part.getKey()));
                zip.write(part.getValue());
                zip.closeEntry();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// All of them, by name.
    Map<String, byte[]> parts() {
        parts = new LinkedHashMap<>();
        part("[Content_Types].xml", "<Types xmlns=\"x\"/>");
        part(
                "_rels/.rels",
                relationships(
                        "<Relationship Id=\"rId1\" Type=\""
                                + OFFICE
                                + "/officeDocument\" Target=\"xl/workbook.xml\"/>"));
        var list = new StringBuilder();
        var links = new StringBuilder();
        int number = 0;
        for (String name : sheets.keySet()) {
            number++;
            list.append("<sheet name=\"")
                    .append(escaped(name))
                    .append("\" sheetId=\"")
                    .append(number);
            list.append("\" r:id=\"rId").append(number).append('"');
            if (states.containsKey(name)) {
                list.append(" state=\"").append(states.get(name)).append('"');
            }
            list.append("/>");
            links.append("<Relationship Id=\"rId")
                    .append(number)
                    .append("\" Type=\"")
                    .append(OFFICE);
            links.append("/worksheet\" Target=\"worksheets/sheet")
                    .append(number)
                    .append(".xml\"/>");
        }
        links.append("<Relationship Id=\"rId98\" Type=\"").append(OFFICE);
        links.append("/styles\" Target=\"/xl/styles.xml\"/>");
        links.append("<Relationship Id=\"rId99\" Type=\"").append(OFFICE);
        links.append("/sharedStrings\" Target=\"sharedStrings.xml\"/>");
        part(
                "xl/workbook.xml",
                "<workbook xmlns=\""
                        + MAIN
                        + "\" xmlns:r=\""
                        + OFFICE
                        + "\"><sheets>"
                        + list
                        + "</sheets></workbook>");
        part("xl/_rels/workbook.xml.rels", relationships(links.toString()));
        number = 0;
        for (String sheet : sheets.values()) {
            part("xl/worksheets/sheet" + ++number + ".xml", sheet);
        }
        part(
                "xl/styles.xml",
                "<styleSheet xmlns=\""
                        + MAIN
                        + "\"><numFmts><numFmt numFmtId=\"164\" formatCode=\"dd/mm/yyyy\"/><numFmt numFmtId=\"165\""
                        + " formatCode=\"00000\"/></numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs>"
                        + "<xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"49\"/><xf numFmtId=\"10\"/>"
                        + "<xf numFmtId=\"164\"/><xf numFmtId=\"165\"/></cellXfs></styleSheet>");
        var texts = new StringBuilder("<sst xmlns=\"" + MAIN + "\">");
        shared.keySet()
                .forEach(text ->
                        texts.append("<si><t xml:space=\"preserve\">")
                                .append(escaped(text))
                                .append("</t></si>"));
        part("xl/sharedStrings.xml", texts.append("</sst>").toString());
        parts.putAll(spoilt);
        return parts;
    }

    private void part(String name, String xml) {
        parts.put(
                name,
                ("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n" + xml)
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static String relationships(String links) {
        return "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
                + links
                + "</Relationships>";
    }

    /// With the control characters that XML cannot hold.
    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace("\"", "&quot;")
                .replace("\r", "_x000D_");
    }
}
