package reconciler.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Columns for people: widths from the first rows, numbers to the right.
final class TableSheet implements Sheet {
    private static final int SAMPLE = 200;
    private static final int WIDEST = 72;

    private final PrintStream out;
    private final boolean always;
    private final List<String> columns;
    private final List<List<? extends @Nullable Object>> waiting = new ArrayList<>();
    private int @Nullable [] widths;

    TableSheet(PrintStream out, List<String> columns) {
        this(out, columns, true);
    }

    private TableSheet(PrintStream out, List<String> columns, boolean always) {
        this.out = out;
        this.columns = columns;
        this.always = always;
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
                measured[i] = Math.max(measured[i], Math.min(WIDEST, text(row.get(i)).length()));
            }
        }
        widths = measured;
        print(columns, measured);
        waiting.forEach(row -> print(row, measured));
        waiting.clear();
    }

    private void print(List<? extends @Nullable Object> cells, int[] measured) {
        var line = new StringBuilder();
        for (int i = 0; i < measured.length; i++) {
            String text = text(cells.get(i));
            String padding = " ".repeat(Math.max(0, measured[i] - text.length()));
            line.append(i == 0 ? "" : "  ")
                    .append(cells.get(i) instanceof Number ? padding + text : text + padding);
        }
        out.println(line.toString().stripTrailing());
    }

    private static String text(@Nullable Object cell) {
        return cell == null ? "" : PlainText.oneLine(String.valueOf(cell));
    }
}
