package reconciler.intake;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/// The objects of one array, on one line or on many. Each is cut out by its brackets and judged for
/// itself, so that one that the parser refuses does not take the others with it.
final class JsonArray implements JsonElements {
    private static final int NOTHING = -1;
    private static final char END_MARK = '\u001A';

    private final Reader text;
    private final char[] buffer = new char[16 * 1024];
    private int position;
    private int end;
    private int line = 1;
    private int began = 1;
    private int endMarks;
    private boolean isOpen;
    private boolean isOver;

    JsonArray(Reader text) {
        this.text = text;
    }

    @Override
    public @Nullable String next() throws IOException {
        if (isOver) {
            return null;
        }
        int first = isOpen ? afterElement() : begin();
        if (first == ']') {
            return end();
        }
        began = line;
        expect(first, '{', "an object");
        return object();
    }

    @Override
    public int line() {
        return began;
    }

    @Override
    public String form() {
        return "a JSON array";
    }

    @Override
    public int endMarks() {
        return endMarks;
    }

    @Override
    public void close() throws IOException {
        text.close();
    }

    /// @return the first character of the first element, or the end of the array
    private int begin() throws IOException {
        isOpen = true;
        expect(visible(), '[', "an array");
        return visible();
    }

    /// @return the first character of the next element, or the end of the array
    private int afterElement() throws IOException {
        int after = visible();
        if (after == ']') {
            return after;
        }
        expect(after, ',', "a comma or the end of the array");
        int first = visible();
        if (first == ']') {
            throw new FileRefused("line " + line + ": expected an object after the comma");
        }
        return first;
    }

    /// From its brace, which was read, to the one that closes it.
    private String object() throws IOException {
        var object = new StringBuilder("{");
        int depth = 1;
        boolean inString = false;
        while (depth > 0) {
            int character = read();
            if (character == NOTHING) {
                throw new FileRefused("line " + began + ": the object here is never closed");
            }
            object.append((char) character);
            if (inString) {
                if (character == '\\') {
                    int escaped = read();
                    if (escaped != NOTHING) {
                        object.append((char) escaped);
                    }
                }
                inString = character != '"';
            } else {
                inString = character == '"';
                depth += depth(character);
            }
            if (object.length() > IntakeRules.MOST_OF_A_FIELD) {
                throw new FileRefused(
                        "line "
                                + began
                                + ": the object here is longer than "
                                + IntakeRules.MOST_OF_A_FIELD
                                + " characters");
            }
        }
        return object.toString();
    }

    private static int depth(int character) {
        return switch (character) {
            case '{', '[' -> 1;
            case '}', ']' -> -1;
            default -> 0;
        };
    }

    private @Nullable String end() throws IOException {
        isOver = true;
        int rest = visible();
        if (rest == END_MARK) {
            endMarks++;
            rest = visible();
        }
        if (rest != NOTHING) {
            throw new FileRefused("line " + line + ": expected nothing after the array");
        }
        return null;
    }

    private void expect(int found, char expected, String words) throws FileRefused {
        if (found == NOTHING) {
            throw new FileRefused("line " + line + ": the array is never closed");
        }
        if (found != expected) {
            throw new FileRefused("line " + line + ": expected " + words);
        }
    }

    private int visible() throws IOException {
        int character = read();
        while (character == ' ' || character == '\t' || character == '\n' || character == '\r') {
            character = read();
        }
        return character;
    }

    private int read() throws IOException {
        if (position == end) {
            end = text.read(buffer, 0, buffer.length);
            position = 0;
            if (end <= 0) {
                end = 0;
                return NOTHING;
            }
        }
        char character = buffer[position++];
        line += character == '\n' ? 1 : 0;
        return character;
    }
}
