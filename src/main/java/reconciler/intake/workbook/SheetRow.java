package reconciler.intake.workbook;

import java.util.List;

/// A row of a sheet that says something.
///
/// @param number from 1, as the spreadsheet shows it
/// @param cells from column A on, up to the last that says something
/// @param isHidden by a filter or by hand
public record SheetRow(int number, List<Cell> cells, boolean isHidden) {
    /// How the spreadsheet calls one of its cells.
    ///
    /// @param column from 0
    public String address(int column) {
        return new CellAddress(column, number).toString();
    }
}
