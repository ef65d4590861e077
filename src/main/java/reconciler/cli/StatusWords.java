package reconciler.cli;

import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Words that tell how something stands, with a symbol and in colour where the screen shows it.
record StatusWords(Screen screen) {
    private static final String GREEN = "32";
    private static final String RED = "31";
    private static final String YELLOW = "33";
    private static final String CYAN = "36";
    private static final String FAINT = "2";

    /// Only there: a value in another column may be the same word.
    private static final Set<String> COLUMNS = Set.of("result", "outcome");

    private record Style(String symbol, String colour) {}

    private static final Style GOOD = new Style("\u2714", GREEN);
    private static final Style BAD = new Style("\u2718", RED);
    private static final Style OVER = new Style("\u2013", FAINT);
    private static final Style WAITING = new Style("\u2026", CYAN);

    private static final Map<String, Style> WORDS =
            Map.ofEntries(
                    Map.entry("APPLIED", GOOD),
                    Map.entry("UNCHANGED", GOOD),
                    Map.entry("ok", GOOD),
                    Map.entry("REJECTED", BAD),
                    Map.entry("CONFLICT", BAD),
                    Map.entry("FAILED", BAD),
                    Map.entry("WRONG", BAD),
                    Map.entry("SUPERSEDED", OVER),
                    Map.entry("EXPIRED", OVER),
                    Map.entry("CANCELLED", OVER),
                    Map.entry("PENDING", WAITING),
                    Map.entry("IN_FLIGHT", WAITING),
                    Map.entry("warning", new Style("!", YELLOW)));

    /// What the plan's signs are coloured as; the sign is the symbol.
    private static final Map<String, String> SIGNS =
            Map.of("+", GREEN, "~", YELLOW, "=", FAINT, "!", RED);

    /// The text of a cell, to be measured.
    String text(String column, String cell) {
        return screen.symbols() && COLUMNS.contains(column) && WORDS.containsKey(cell)
                ? style(cell).symbol() + " " + cell
                : cell;
    }

    /// The same, as it is printed.
    ///
    /// @param cell as it is in the row
    /// @param text as it was measured, and cut or filled up
    String coloured(String column, String cell, String text) {
        if (!screen.colour()) {
            return text;
        }
        if (COLUMNS.contains(column) && WORDS.containsKey(cell)) {
            return in(style(cell).colour(), text);
        }
        return column.isEmpty() && SIGNS.containsKey(cell)
                ? in(Objects.requireNonNull(SIGNS.get(cell)), text)
                : text;
    }

    private static Style style(String cell) {
        return Objects.requireNonNull(WORDS.get(cell));
    }

    private static String in(String colour, String text) {
        return "\u001b[" + colour + "m" + text + "\u001b[0m";
    }
}
