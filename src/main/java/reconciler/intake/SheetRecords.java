package reconciler.intake;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reconciler.intake.workbook.Cell;
import reconciler.intake.workbook.SheetRow;
import reconciler.intake.workbook.SheetRows;
import reconciler.intake.workbook.Workbook;

/// Rows of a sheet under a header; their rejects file is CSV.
final class SheetRecords implements Records {
    private final Workbook workbook;
    private final SheetRows rows;
    private final Header header;
    private final List<String> labels;
    private long blankRows;

    SheetRecords(Workbook workbook) throws IOException {
        this.workbook = workbook;
        this.rows = workbook.rows();
        try {
            SheetRow first = rows.next();
            if (first == null) {
                throw new FileRefused("the sheet " + Found.in(workbook.sheet()) + " is empty");
            }
            this.header = header(first);
            rows.meantColumns(header.width());
            this.labels = header.names().stream().map(Header::canonical).toList();
        } catch (IOException | RuntimeException failure) {
            rows.close();
            throw failure;
        }
    }

    @Override
    public @Nullable Row next() throws IOException {
        SheetRow next = rows.next();
        while (next != null && isBlank(next)) {
            blankRows++;
            next = rows.next();
        }
        if (next == null) {
            return null;
        }
        List<String> fields = texts(next);
        var row = new Row(header, next.number(), fields, fields);
        for (int i = 0; i < Math.min(next.cells().size(), header.width()); i++) {
            tell(row, labels.get(i), next.cells().get(i));
        }
        if (next.isHidden()) {
            row.warn(null, "the row is hidden in the spreadsheet, by a filter or by hand");
        }
        return row;
    }

    @Override
    public String form() {
        return "the sheet "
                + Found.in(workbook.sheet())
                + (workbook.sheets() > 1 ? " (one of " + workbook.sheets() + ")" : "")
                + " of a workbook";
    }

    @Override
    public Skipped skipped() {
        return new Skipped(blankRows + rows.blankRows(), 0, 0);
    }

    @Override
    public int normalisedNames() {
        return header.normalised();
    }

    @Override
    public String beginning() {
        return CsvLine.of(',', Column.ERROR.label(), header.withoutError(header.names()));
    }

    @Override
    public String rejected(Row row) {
        return CsvLine.of(',', row.error(), header.withoutError(row.original()));
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }

    private static Header header(SheetRow row) throws FileRefused {
        List<String> faults =
                row.cells().stream()
                        .filter(cell -> cell.fault() != null)
                        .map(cell -> "line " + row.number() + ": " + cell.fault())
                        .toList();
        if (!faults.isEmpty()) {
            throw new FileRefused(faults);
        }
        return Header.of(row.number(), row.cells().stream().map(Cell::text).toList());
    }

    private static boolean isBlank(SheetRow row) {
        return row.cells().stream().allMatch(cell -> Blanks.isBlank(cell.text()));
    }

    /// As many as the header has, and more only where there is something.
    private List<String> texts(SheetRow row) {
        var texts = new ArrayList<String>(header.width());
        row.cells().forEach(cell -> texts.add(cell.text()));
        while (texts.size() < header.width()) {
            texts.add("");
        }
        return texts;
    }

    private static void tell(Row row, String label, Cell cell) {
        if (label.equals(Column.ERROR.label())) {
            return;
        }
        if (cell.fault() != null) {
            row.note(label, cell.fault());
        }
        if (cell.doubt() != null) {
            row.warn(label, cell.doubt());
        }
    }
}
