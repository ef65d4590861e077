package reconciler.intake.workbook;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rows of a sheet, one after the other.
public final class SheetRows implements AutoCloseable {
    static final long LIMIT = 1_000_000_000;

    private final XmlPart sheet;
    private final SharedTexts texts;
    private final CellReader cells;
    private boolean isOver;
    private int latest;
    private int width = CellAddress.MAX_COLUMNS;
    private int firstRow;
    private long blankRows;

    SheetRows(XmlPart sheet, CellFormats formats, SharedTexts texts) {
        this.sheet = sheet;
        this.texts = texts;
        this.cells = new CellReader(sheet, formats, texts);
    }

    /// Only so many columns have a meaning: merged cells outside of them do no harm.
    public void meantColumns(int columns) {
        width = columns;
    }

    /// Rows that are there and say nothing.
    public long blankRows() {
        return blankRows;
    }

    /// @return null at the end
    /// @throws UnusableWorkbook also when there are merged cells among what was read, which a sheet
    ///   tells at its end only
    public @Nullable SheetRow next() throws IOException {
        while (!isOver && sheet.next()) {
            if (sheet.isStart("row")) {
                SheetRow row = row();
                if (!row.cells().isEmpty()) {
                    firstRow = firstRow == 0 ? row.number() : firstRow;
                    return row;
                }
                blankRows++;
            } else if (sheet.isStart("mergeCell")) {
                refuseMerged(sheet.attribute("ref"));
            }
        }
        isOver = true;
        return null;
    }

    @Override
    public void close() throws IOException {
        try (sheet;
                texts) {
            isOver = true;
        }
    }

    private SheetRow row() throws IOException {
        int number = number(sheet.attribute("r"));
        String hidden = sheet.attribute("hidden");
        List<Cell> row = new ArrayList<>();
        int column = 0;
        while (sheet.next() && !sheet.isEnd("row")) {
            if (sheet.isStart("c")) {
                String reference = sheet.attribute("r");
                column = reference == null ? column : CellAddress.column(reference);
                Cell cell = cells.read(column, number);
                if (!cell.text().isBlank()) {
                    put(row, column, cell);
                }
                column++;
            }
        }
        return new SheetRow(number, row, "1".equals(hidden) || "true".equals(hidden));
    }

    private static void put(List<Cell> row, int column, Cell cell) {
        while (row.size() < column) {
            row.add(Cell.EMPTY);
        }
        if (row.size() == column) {
            row.add(cell);
        } else {
            row.set(column, cell);
        }
    }

    /// Rows count upwards, and may leave numbers out.
    private int number(@Nullable String stored) throws IOException {
        int number =
                stored == null
                        ? latest + 1
                        : stored.matches("[0-9]{1,7}") ? Integer.parseInt(stored) : 0;
        if (number <= latest || number > CellAddress.MAX_ROWS) {
            throw sheet.damaged();
        }
        latest = number;
        return number;
    }

    private void refuseMerged(@Nullable String range) throws IOException {
        if (range == null || firstRow == 0) {
            return;
        }
        String[] ends = range.split(":", 2);
        CellAddress from = CellAddress.of(ends[0]);
        CellAddress to = CellAddress.of(ends[ends.length - 1]);
        if (from.column() < width && to.row() >= firstRow) {
            throw new UnusableWorkbook(
                    "the cells "
                            + from
                            + ":"
                            + to
                            + " are merged, and only the first of them has a value: unmerge them and fill all of them");
        }
    }
}
