package reconciler.patch;

import java.nio.charset.StandardCharsets;

/// Text from outside, fit for a row and a terminal: no control characters (a NUL would be refused
/// by Postgres), no broken surrogates, bounded.
final class StorableText {
    private static final char REPLACEMENT = '\uFFFD';

    private StorableText() {}

    /// @param mostBytes of the result in UTF-8
    static String bounded(String text, int mostBytes) {
        String start = text.length() > mostBytes ? text.substring(0, mostBytes) : text;
        String clean = of(start);
        byte[] bytes = clean.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, mostBytes);
        while (length < bytes.length && length > 0 && (bytes[length] & 0xC0) == 0x80) {
            length--;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    static String of(String text) {
        var clean = new StringBuilder(text.length());
        text.codePoints()
                .map(letter -> isStorable(letter) ? letter : REPLACEMENT)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }

    /// Whether every surrogate has its other half: what has none cannot be sent as it is.
    static boolean isUnicode(String text) {
        return text.codePoints().noneMatch(StorableText::isLoneSurrogate);
    }

    private static boolean isStorable(int letter) {
        return letter == '\n'
                || letter == '\t'
                || letter == '\r'
                || !(Character.isISOControl(letter) || isLoneSurrogate(letter));
    }

    private static boolean isLoneSurrogate(int letter) {
        return letter >= Character.MIN_SURROGATE && letter <= Character.MAX_SURROGATE;
    }
}
