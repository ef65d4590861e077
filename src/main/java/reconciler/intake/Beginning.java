package reconciler.intake;

import java.io.IOException;
import java.io.Reader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A text whose first lines have been looked at already.
final class Beginning extends Reader {
    private static final int MOST = 64 * 1024;

    /// What Excel writes and reads as the first line of CSV.
    private static final Pattern SEPARATOR_LINE =
            Pattern.compile("\"?sep=([^\\p{Alnum}\"\\r\\n])\"?\\s*", Pattern.CASE_INSENSITIVE);

    private static final Pattern BLANK_BEFORE_QUOTE = Pattern.compile("[,;\t|] +\"");

    private final Reader text;
    private final String seen;
    private int given;

    private Beginning(Reader text, String seen) {
        this.text = text;
        this.seen = seen;
    }

    static Beginning of(Reader text) throws IOException {
        var seen = new StringBuilder();
        char[] buffer = new char[4096];
        int read = text.read(buffer, 0, buffer.length);
        while (read > 0) {
            seen.append(buffer, 0, read);
            if (seen.length() >= MOST || isEnough(seen)) {
                break;
            }
            read = text.read(buffer, 0, buffer.length);
        }
        return new Beginning(text, seen.toString());
    }

    /// An object opens the file; a header of CSV does not begin so.
    boolean isObject() {
        return seen.stripLeading().startsWith("{");
    }

    /// An array opens the file.
    boolean isArray() {
        return seen.stripLeading().startsWith("[");
    }

    boolean isEmpty() {
        return seen.isEmpty();
    }

    /// What a first line `sep=;` says; null when there is none.
    @Nullable Character separator() {
        Matcher line = SEPARATOR_LINE.matcher(firstLine(seen));
        return line.matches() ? line.group(1).charAt(0) : null;
    }

    /// Whether a blank stands between a delimiter and the quote of the next column's name.
    boolean hasBlanksBeforeQuotes() {
        return BLANK_BEFORE_QUOTE.matcher(header()).find();
    }

    /// A NUL in the first line: a text in two bytes a character, as a rule.
    boolean hasNul() {
        return header().indexOf('\0') >= 0;
    }

    /// The delimiter that the header has most of outside quotes; a comma when it has none.
    char delimiter() {
        String header = header().replaceAll("\"[^\"]*\"", "");
        char most = ',';
        for (char candidate : new char[] {';', '\t'}) {
            if (count(header, candidate) > count(header, most)) {
                most = candidate;
            }
        }
        return most;
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        if (given == seen.length()) {
            return text.read(target, offset, length);
        }
        int count = Math.min(length, seen.length() - given);
        seen.getChars(given, given + count, target, offset);
        given += count;
        return count;
    }

    @Override
    public void close() throws IOException {
        text.close();
    }

    private static long count(String header, char candidate) {
        return header.chars().filter(character -> character == candidate).count();
    }

    private static boolean isEnough(StringBuilder seen) {
        String line = firstLine(seen);
        return !line.isEmpty()
                && (!SEPARATOR_LINE.matcher(line).matches()
                        || !firstLine(seen.substring(line.length()).stripLeading()).isEmpty());
    }

    /// The first line, or the one after `sep=`.
    private String header() {
        String line = firstLine(seen);
        String rest =
                SEPARATOR_LINE.matcher(line).matches()
                        ? seen.substring(line.length()).stripLeading()
                        : seen;
        String header = firstLine(rest);
        return header.isEmpty() ? rest : header;
    }

    /// Up to its end; empty while that has not been seen.
    private static String firstLine(CharSequence seen) {
        for (int i = 0; i < seen.length(); i++) {
            if (seen.charAt(i) == '\n' || seen.charAt(i) == '\r') {
                return seen.subSequence(0, i + 1).toString();
            }
        }
        return "";
    }
}
