package reconciler.intake.workbook;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A workbook in an archive, with the sheet that was chosen.
public final class Workbook {
    private static final String RELATIONSHIPS = "_rels/.rels";
    private static final long LIST_LIMIT = 16_000_000;
    private static final long FORMATS_LIMIT = 64_000_000;
    private static final long TEXTS_LIMIT = 1_000_000_000;
    private static final int MOST_SHEETS = 1_000;
    private static final int LONGEST_NAME = 100;

    private final Archive archive;
    private final Relationships parts;
    private final List<SheetEntry> sheets;
    private final SheetEntry chosen;

    private Workbook(
            Archive archive, Relationships parts, List<SheetEntry> sheets, SheetEntry chosen) {
        this.archive = archive;
        this.parts = parts;
        this.sheets = sheets;
        this.chosen = chosen;
    }

    /// Whether the archive is an Office document of whatever kind.
    public static boolean isIn(Archive archive) {
        return archive.has(RELATIONSHIPS) && archive.has("[Content_Types].xml");
    }

    /// @param sheet its name, or its number from 1; null: the first
    public static Workbook open(Archive archive, @Nullable String sheet) throws IOException {
        String main = Relationships.of(archive, "").ofKind("officeDocument");
        if (main != null && main.endsWith(".bin")) {
            throw new UnusableWorkbook(
                    "the file is a binary workbook (.xlsb): save it as .xlsx, or as CSV UTF-8");
        }
        InputStream bytes = main == null ? null : archive.open(main);
        if (main == null || bytes == null) {
            throw new UnusableWorkbook("the file is no workbook, or a damaged one");
        }
        Relationships parts = Relationships.of(archive, main);
        List<SheetEntry> sheets;
        try (XmlPart list = XmlPart.open(bytes, main, LIST_LIMIT)) {
            sheets = sheets(list, parts);
        }
        return new Workbook(archive, parts, sheets, choose(sheets, sheet));
    }

    /// The name of the sheet that was chosen.
    public String sheet() {
        return chosen.name();
    }

    /// Whether it is the one that is taken when none is named.
    public boolean isFirst() {
        return chosen.equals(sheets.getFirst());
    }

    /// How many there are.
    public int sheets() {
        return sheets.size();
    }

    /// The rows of the sheet that was chosen.
    public SheetRows rows() throws IOException {
        InputStream bytes = archive.open(chosen.part());
        if (bytes == null) {
            throw new UnusableWorkbook("the workbook is damaged: its sheet is missing");
        }
        XmlPart sheet = XmlPart.open(bytes, chosen.part(), SheetRows.LIMIT);
        try {
            return new SheetRows(sheet, formats(), texts());
        } catch (IOException | RuntimeException failure) {
            sheet.close();
            throw failure;
        }
    }

    private CellFormats formats() throws IOException {
        String name = parts.ofKind("styles");
        InputStream bytes = name == null ? null : archive.open(name);
        if (name == null || bytes == null) {
            return new CellFormats();
        }
        try (XmlPart part = XmlPart.open(bytes, name, FORMATS_LIMIT)) {
            return CellFormats.of(part);
        }
    }

    private SharedTexts texts() throws IOException {
        String name = parts.ofKind("sharedStrings");
        InputStream bytes = name == null ? null : archive.open(name);
        if (name == null || bytes == null) {
            return new SharedTexts();
        }
        try (XmlPart part = XmlPart.open(bytes, name, TEXTS_LIMIT)) {
            return SharedTexts.of(part);
        }
    }

    private static List<SheetEntry> sheets(XmlPart list, Relationships parts) throws IOException {
        var sheets = new ArrayList<SheetEntry>();
        boolean isWorkbook = false;
        while (list.next() && sheets.size() < MOST_SHEETS) {
            isWorkbook |= list.isStart("workbook");
            if (list.isStart("sheet")) {
                String name = list.attribute("name");
                String part = parts.ofId(list.attribute("id"));
                String state = list.attribute("state");
                if (name == null || part == null) {
                    throw list.damaged();
                }
                sheets.add(
                        new SheetEntry(
                                name.substring(0, Math.min(name.length(), LONGEST_NAME)),
                                part,
                                state != null && !state.equals("visible")));
            }
        }
        if (!isWorkbook || sheets.isEmpty()) {
            throw new UnusableWorkbook(
                    "the file is an Office document, but no workbook with sheets");
        }
        return sheets;
    }

    private static SheetEntry choose(List<SheetEntry> sheets, @Nullable String wanted)
            throws UnusableWorkbook {
        if (wanted == null) {
            SheetEntry first = sheets.getFirst();
            if (first.isHidden()) {
                throw new UnusableWorkbook(
                        "the first sheet of the workbook is hidden: name the one that is meant with --sheet; there are "
                                + names(sheets));
            }
            return first;
        }
        for (SheetEntry sheet : sheets) {
            if (sheet.name().equals(wanted)) {
                return sheet;
            }
        }
        for (SheetEntry sheet : sheets) {
            if (sheet.name().strip().equalsIgnoreCase(wanted.strip())) {
                return sheet;
            }
        }
        if (wanted.matches("[0-9]{1,4}")) {
            int number = Integer.parseInt(wanted);
            if (number >= 1 && number <= sheets.size()) {
                return sheets.get(number - 1);
            }
        }
        throw new UnusableWorkbook(
                "the workbook has no sheet of the name or number that --sheet says; there are "
                        + names(sheets));
    }

    private static String names(List<SheetEntry> sheets) {
        String first =
                sheets.stream()
                        .limit(10)
                        .map(sheet ->
                                "\"" + sheet.name() + "\"" + (sheet.isHidden() ? " (hidden)" : ""))
                        .collect(Collectors.joining(", "));
        return sheets.size() > 10 ? first + ", ..." : first;
    }
}
