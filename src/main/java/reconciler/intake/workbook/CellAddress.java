package reconciler.intake.workbook;

/// Where a cell stands: `E3`.
///
/// @param column from 0
/// @param row from 1
record CellAddress(int column, int row) {
    static final int MAX_COLUMNS = 16_384;
    static final int MAX_ROWS = 1_048_576;

    /// @throws UnusableWorkbook when it is none, or beyond what a sheet can have
    static int column(String reference) throws UnusableWorkbook {
        int column = 0;
        int i = 0;
        while (i < reference.length()
                && column <= MAX_COLUMNS
                && reference.charAt(i) >= 'A'
                && reference.charAt(i) <= 'Z') {
            column = column * 26 + reference.charAt(i++) - 'A' + 1;
        }
        if (column < 1 || column > MAX_COLUMNS) {
            throw new UnusableWorkbook(
                    "the workbook has a cell beyond the "
                            + MAX_COLUMNS
                            + " columns that a sheet can have");
        }
        return column - 1;
    }

    static CellAddress of(String reference) throws UnusableWorkbook {
        int column = column(reference);
        String row = reference.replaceFirst("^[A-Z]+", "");
        if (!row.matches("[0-9]{1,7}")) {
            throw new UnusableWorkbook("the workbook has a cell at an address that is none");
        }
        return new CellAddress(column, Integer.parseInt(row));
    }

    @Override
    public String toString() {
        var name = new StringBuilder();
        for (int rest = column + 1; rest > 0; rest = (rest - 1) / 26) {
            name.insert(0, (char) ('A' + (rest - 1) % 26));
        }
        return name.append(row).toString();
    }
}
