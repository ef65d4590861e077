package reconciler.intake;

import org.jspecify.annotations.Nullable;

/// Characters that a person does not see: blanks of any width, and those of no width.
final class Blanks {
    private Blanks() {}

    /// Whether nothing can be seen in it.
    static boolean isBlank(String text) {
        return edge(text, 0, text.length(), 1) == text.length();
    }

    /// Without what cannot be seen around it.
    static String strip(String text) {
        int start = edge(text, 0, text.length(), 1);
        int end = edge(text, text.length() - 1, start - 1, -1);
        return text.substring(start, end + 1);
    }

    /// As `strip`; each kind of what was around it is counted once.
    static String strip(String text, NormalisationCounts counts) {
        String stripped = strip(text);
        if (stripped.length() < text.length()) {
            int start = text.indexOf(stripped);
            String around = text.substring(0, start) + text.substring(start + stripped.length());
            around.chars()
                    .mapToObj(character -> kind((char) character))
                    .distinct()
                    .forEach(counts::count);
        }
        return stripped;
    }

    static boolean isUnseen(char character) {
        return character <= ' '
                ? character == ' ' || (character >= '\t' && character <= '\r')
                : character > '~'
                        && (Character.isSpaceChar(character)
                                || Character.isWhitespace(character)
                                || hasNoWidth(character));
    }

    /// Format characters: zero-width spaces and joiners, direction marks, soft hyphens, byte order
    /// marks.
    static boolean hasNoWidth(int character) {
        return Character.getType(character) == Character.FORMAT;
    }

    /// The official name of a character, with its number.
    static String name(int character) {
        @Nullable String name = Character.getName(character);
        return (name == null ? "a character" : name) + " (U+%04X)".formatted(character);
    }

    private static Normalisation kind(char character) {
        if (hasNoWidth(character)) {
            return Normalisation.ZERO_WIDTH;
        }
        return character == '\u00A0' || character == '\u202F' || character == '\u2007'
                ? Normalisation.NO_BREAK_SPACES
                : Normalisation.BLANKS;
    }

    private static int edge(String text, int from, int until, int step) {
        int i = from;
        while (i != until && isUnseen(text.charAt(i))) {
            i += step;
        }
        return i;
    }
}
