package reconciler.intake;

import java.io.IOException;
import java.io.Reader;

/// A text whose first line has been looked at already.
final class Beginning extends Reader {
    private static final int MOST = 64 * 1024;

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
            if (seen.length() >= MOST || !firstLine(seen).isEmpty()) {
                break;
            }
            read = text.read(buffer, 0, buffer.length);
        }
        return new Beginning(text, seen.toString());
    }

    /// An object opens the file; a header of CSV does not begin so.
    boolean isJson() {
        return seen.stripLeading().startsWith("{");
    }

    /// The delimiter that the first line has most of outside quotes; a comma when it has none.
    char delimiter() {
        String line = firstLine(seen);
        String header = (line.isEmpty() ? seen : line).replaceAll("\"[^\"]*\"", "");
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
