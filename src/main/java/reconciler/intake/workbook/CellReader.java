package reconciler.intake.workbook;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Turns the present `c` element of a sheet into what the cell says.
final class CellReader {
    private final XmlPart sheet;
    private final CellFormats formats;
    private final SharedTexts texts;

    CellReader(XmlPart sheet, CellFormats formats, SharedTexts texts) {
        this.sheet = sheet;
        this.formats = formats;
        this.texts = texts;
    }

    /// Up to the end of the element.
    ///
    /// @param column from 0
    /// @param row from 1
    Cell read(int column, int row) throws IOException {
        String type = sheet.attribute("t");
        String style = sheet.attribute("s");
        String stored = "";
        boolean isFormula = false;
        while (sheet.next() && !sheet.isEnd("c")) {
            if (sheet.isStart("v")) {
                stored = sheet.text();
            } else if (sheet.isStart("is")) {
                stored = RichText.of(sheet);
            } else if (sheet.isStart("f")) {
                isFormula = true;
                sheet.skip();
            } else if (sheet.isStart()) {
                sheet.skip();
            }
        }
        if (stored.isEmpty() && !isFormula) {
            return Cell.EMPTY;
        }
        Cell cell = cell(type == null ? "n" : type, stored, style, new CellAddress(column, row));
        return isFormula && cell.fault() == null
                ? new Cell(
                        cell.text(),
                        new CellAddress(column, row)
                                + " is a formula: put its value in its place (paste as values)",
                        null)
                : cell;
    }

    private Cell cell(String type, String stored, @Nullable String style, CellAddress address)
            throws IOException {
        return switch (type) {
            case "s" -> Cell.of(shared(stored));
            case "inlineStr" -> Cell.of(stored);
            case "str" -> Cell.of(EscapedText.unescaped(stored));
            case "n" -> stored.isEmpty() ? Cell.EMPTY : number(stored, style, address);
            case "b" -> Cell.of(stored.equals("1") || stored.equals("true") ? "TRUE" : "FALSE");
            case "e" -> faulty(stored, address + " is an error of the spreadsheet, such as #REF!");
            case "d" -> faulty(stored, date(address));
            default -> throw sheet.damaged();
        };
    }

    private Cell number(String stored, @Nullable String style, CellAddress address)
            throws IOException {
        String text = NumberText.of(stored.strip());
        if (text == null) {
            throw sheet.damaged();
        }
        return switch (formats.of(number(style))) {
            case DATE -> faulty(text, date(address));
            case PLAIN -> whole(text, null, address);
            case DECORATED ->
                    whole(
                            text,
                            address
                                    + " is shown in a format of its own (such as a percentage, or with leading zeros):"
                                    + " the number without it is taken",
                            address);
        };
    }

    private static Cell whole(String text, @Nullable String doubt, CellAddress address) {
        return NumberText.isCutOff(text)
                ? faulty(
                        text,
                        address
                                + " is a number of more than the "
                                + NumberText.DIGITS
                                + " digits that a spreadsheet keeps: format the cell as text and enter it anew")
                : new Cell(text, null, doubt);
    }

    private static String date(CellAddress address) {
        return address
                + " is a date, which a spreadsheet stores as a number: format the cell as text and enter it anew,"
                + " a time as 2026-11-23T18:00:00Z";
    }

    private static Cell faulty(String text, String fault) {
        return new Cell(text, fault, null);
    }

    private String shared(String stored) throws IOException {
        String text = texts.get(number(stored.strip()));
        if (text == null) {
            throw sheet.damaged();
        }
        return text;
    }

    /// -1 for none.
    private int number(@Nullable String text) throws IOException {
        if (text == null) {
            return -1;
        }
        if (text.isEmpty() || text.length() > 9) {
            throw sheet.damaged();
        }
        int number = 0;
        for (int i = 0; i < text.length(); i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                throw sheet.damaged();
            }
            number = 10 * number + digit - '0';
        }
        return number;
    }
}
