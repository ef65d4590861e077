package reconciler.intake;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/// One object a line; empty lines count as lines only.
final class JsonLines implements JsonElements {
    private static final String END_MARK = "\u001A";

    private final Reader text;
    private final char[] buffer = new char[16 * 1024];
    private int position;
    private int end;
    private int lines;
    private int endMarks;

    JsonLines(Reader text) {
        this.text = text;
    }

    @Override
    public @Nullable String next() throws IOException {
        String line = readLine();
        while (line != null && line.isBlank()) {
            line = readLine();
        }
        if (line != null && line.strip().equals(END_MARK) && !fill()) {
            endMarks++;
            return null;
        }
        return line == null ? null : line.strip();
    }

    @Override
    public int line() {
        return lines;
    }

    @Override
    public String form() {
        return "JSON lines";
    }

    @Override
    public int endMarks() {
        return endMarks;
    }

    @Override
    public void close() throws IOException {
        text.close();
    }

    /// Ends with LF or CR LF.
    private @Nullable String readLine() throws IOException {
        var line = new StringBuilder();
        while (fill()) {
            char character = buffer[position++];
            if (character == '\n') {
                break;
            }
            line.append(character);
            if (line.length() > IntakeRules.MOST_OF_A_FIELD) {
                throw new FileRefused(
                        "line "
                                + (lines + 1)
                                + ": longer than "
                                + IntakeRules.MOST_OF_A_FIELD
                                + " characters");
            }
        }
        if (line.isEmpty() && end < 0) {
            return null;
        }
        lines++;
        return line.toString();
    }

    private boolean fill() throws IOException {
        if (position == end) {
            end = text.read(buffer, 0, buffer.length);
            position = 0;
        }
        return end > 0;
    }
}
