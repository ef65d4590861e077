package reconciler.intake;

/// Cells that a spreadsheet would run. An apostrophe in front makes them text; a cell that begins
/// with apostrophes and then so gets one more, so that every cell can be had back.
public final class Formulas {
    private static final String BEGINNINGS = "=+-@\t\r";

    private Formulas() {}

    public static String escaped(String cell) {
        return isMeant(cell, 0) ? "'" + cell : cell;
    }

    public static String unescaped(String cell) {
        return cell.startsWith("'") && isMeant(cell, 1) ? cell.substring(1) : cell;
    }

    private static boolean isMeant(String cell, int from) {
        int i = from;
        while (i < cell.length() && cell.charAt(i) == '\'') {
            i++;
        }
        return i < cell.length() && BEGINNINGS.indexOf(cell.charAt(i)) >= 0;
    }
}
