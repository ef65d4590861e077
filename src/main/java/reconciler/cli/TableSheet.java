package reconciler.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Columns for people: widths from the first rows, numbers to the right. On a screen no line is
/// longer than it is wide: the widest cells go on in the lines below.
final class TableSheet implements Sheet {
    private static final int SAMPLE = 200;
    private static final int WIDEST = 72;
    private static final int NARROWEST = 8;
    private static final String GAP = "  ";

    private final PrintStream out;
    private final boolean always;
    private final List<String> columns;
    private final Screen screen;
    private final StatusWords words;
    private final List<List<? extends @Nullable Object>> waiting = new ArrayList<>();
    private int @Nullable [] widths;

    TableSheet(PrintStream out, List<String> columns) {
        this(out, columns, true);
    }

    private TableSheet(PrintStream out, List<String> columns, boolean always) {
        this.out = out;
        this.columns = columns;
        this.always = always;
        this.screen = out instanceof StandardOutput standard ? standard.screen() : Screen.PLAIN;
        this.words = new StatusWords(screen);
    }

    /// Not even its head is printed when there is no row.
    static TableSheet unlessEmpty(PrintStream out, List<String> columns) {
        return new TableSheet(out, columns, false);
    }

    @Override
    public void row(List<? extends @Nullable Object> cells) {
        if (widths != null) {
            print(cells, widths);
            return;
        }
        waiting.add(cells);
        if (waiting.size() == SAMPLE) {
            flush();
        }
    }

    @Override
    public void close() {
        if (widths == null && (always || !waiting.isEmpty())) {
            flush();
        }
    }

    private void flush() {
        int[] measured = new int[columns.size()];
        for (int i = 0; i < measured.length; i++) {
            measured[i] = columns.get(i).length();
            for (List<? extends @Nullable Object> row : waiting) {
                measured[i] = Math.max(measured[i], Math.min(WIDEST, text(row, i).length()));
            }
        }
        narrow(measured);
        widths = measured;
        print(columns, measured);
        waiting.forEach(row -> print(row, measured));
        waiting.clear();
    }

    /// Takes from the widest column until all fit.
    private void narrow(int[] measured) {
        int total = GAP.length() * (measured.length - 1);
        for (int width : measured) {
            total += width;
        }
        while (screen.columns() != Screen.UNLIMITED && total > screen.columns()) {
            int widest = 0;
            for (int i = 1; i < measured.length; i++) {
                widest = measured[i] > measured[widest] ? i : widest;
            }
            if (measured[widest] <= NARROWEST) {
                return;
            }
            measured[widest]--;
            total--;
        }
    }

    private void print(List<? extends @Nullable Object> cells, int[] measured) {
        List<List<String>> texts = new ArrayList<>(measured.length);
        int lines = 1;
        for (int i = 0; i < measured.length; i++) {
            String text = text(cells, i);
            texts.add(
                    screen.columns() == Screen.UNLIMITED
                            ? List.of(text)
                            : Paragraph.lines(text, measured[i], measured[i]));
            lines = Math.max(lines, texts.get(i).size());
        }
        for (int line = 0; line < lines; line++) {
            out.println(line(cells, texts, line, measured));
        }
    }

    private String line(
            List<? extends @Nullable Object> cells,
            List<List<String>> texts,
            int number,
            int[] measured) {
        var line = new StringBuilder();
        var owed = new StringBuilder();
        for (int i = 0; i < measured.length; i++) {
            String text = number < texts.get(i).size() ? texts.get(i).get(number) : "";
            String padding = " ".repeat(Math.max(0, measured[i] - text.length()));
            boolean right = cells.get(i) instanceof Number;
            owed.append(i == 0 ? "" : GAP).append(right ? padding : "");
            if (!text.isBlank()) {
                line.append(owed).append(words.coloured(columns.get(i), plain(cells.get(i)), text));
                owed.setLength(0);
            } else {
                owed.append(text);
            }
            owed.append(right ? "" : padding);
        }
        return line.toString();
    }

    private String text(List<? extends @Nullable Object> cells, int column) {
        return words.text(columns.get(column), plain(cells.get(column)));
    }

    private static String plain(@Nullable Object cell) {
        return cell == null ? "" : PlainText.oneLine(String.valueOf(cell));
    }
}
