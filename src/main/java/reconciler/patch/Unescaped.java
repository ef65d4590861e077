package reconciler.patch;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A text as a person reads it: the escapes of JSON, HTML and URLs undone, however deep, without
/// regard to case, accents and the width of blanks. Each letter knows where it came from.
final class Unescaped {
    private static final int DEEPEST = 4;
    private static final int UNICODE_HEX = 4;
    private static final int LONGEST_ENTITY = 10;
    private static final int BYTE_HEX = 2;
    private static final char BLANK = ' ';

    private static final Map<String, Character> ENTITIES =
            Map.of(
                    "amp", '&', "lt", '<', "gt", '>', "quot", '"', "apos", '\'', "nbsp", BLANK,
                    "szlig", 'ß');

    /// `&uuml;` and its like: the accent goes anyway.
    private static final String ACCENTED =
            "(?i)[a-z](?:uml|acute|grave|circ|tilde|cedil|ring|slash|caron)";

    private char[] letters;
    private int[] from;
    private int[] until;
    private int length;

    private Unescaped(int capacity) {
        letters = new char[capacity];
        from = new int[capacity];
        until = new int[capacity];
    }

    static Unescaped of(String text) {
        var unescaped = new Unescaped(text.length());
        for (int i = 0; i < text.length(); i++) {
            unescaped.add(text.charAt(i), i, i + 1);
        }
        for (int depth = 0; depth < DEEPEST; depth++) {
            Unescaped next = unescaped.once();
            if (next.length == unescaped.length) {
                break;
            }
            unescaped = next;
        }
        return unescaped.folded();
    }

    int length() {
        return length;
    }

    char letter(int index) {
        return letters[index];
    }

    /// Where in the text the letter begins.
    int from(int index) {
        return from[index];
    }

    /// Where in the text the letter ends.
    int until(int index) {
        return until[index];
    }

    /// The letters, without blanks around them.
    String stripped() {
        return new String(letters, 0, length).strip();
    }

    private void add(char letter, int begin, int end) {
        if (length == letters.length) {
            int capacity = 2 * length + 16;
            letters = Arrays.copyOf(letters, capacity);
            from = Arrays.copyOf(from, capacity);
            until = Arrays.copyOf(until, capacity);
        }
        letters[length] = letter;
        from[length] = begin;
        until[length] = end;
        length++;
    }

    /// With one layer of escapes less. Each escape has more letters than it stands for.
    private Unescaped once() {
        var next = new Unescaped(length);
        int at = 0;
        while (at < length) {
            int taken =
                    switch (letters[at]) {
                        case '\\' -> backslash(at, next);
                        case '%' -> percent(at, next);
                        case '&' -> entity(at, next);
                        default -> 0;
                    };
            if (taken == 0) {
                next.add(letters[at], from[at], until[at]);
                taken = 1;
            }
            at += taken;
        }
        return next;
    }

    private int backslash(int at, Unescaped next) {
        if (at + 1 >= length) {
            return 0;
        }
        char kind = Character.toLowerCase(letters[at + 1]);
        int digits = kind == 'u' ? UNICODE_HEX : kind == 'x' ? BYTE_HEX : 0;
        if (digits > 0) {
            int code = hex(at + 2, digits);
            return code < 0 ? 0 : put(next, (char) code, at, 2 + digits);
        }
        return switch (kind) {
            case 'n', 't', 'r', 'f', 'b' -> put(next, BLANK, at, 2);
            case '"', '\'', '/', '\\' -> put(next, kind, at, 2);
            default -> 0;
        };
    }

    private int put(Unescaped next, char letter, int at, int taken) {
        next.add(letter, from[at], until[at + taken - 1]);
        return taken;
    }

    /// `%C3%BC` and `%u00FC`; a byte that is no UTF-8 is taken for Latin-1.
    private int percent(int at, Unescaped next) {
        if (at + 1 < length && Character.toLowerCase(letters[at + 1]) == 'u') {
            int code = hex(at + 2, UNICODE_HEX);
            return code < 0 ? 0 : put(next, (char) code, at, 2 + UNICODE_HEX);
        }
        int first = octet(at);
        if (first < 0) {
            return 0;
        }
        int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
        int code = more == 0 ? first : first & (0x3F >> more);
        for (int i = 1; i <= more; i++) {
            int octet = octet(at + i * (1 + BYTE_HEX));
            if (octet < 0x80 || octet > 0xBF) {
                return put(next, (char) first, at, 1 + BYTE_HEX);
            }
            code = (code << 6) | (octet & 0x3F);
        }
        if (!Character.isValidCodePoint(code)) {
            return put(next, (char) first, at, 1 + BYTE_HEX);
        }
        int taken = (1 + more) * (1 + BYTE_HEX);
        for (char letter : Character.toChars(code)) {
            next.add(letter, from[at], until[at + taken - 1]);
        }
        return taken;
    }

    private int octet(int at) {
        return at < length && letters[at] == '%' ? hex(at + 1, BYTE_HEX) : -1;
    }

    private int entity(int at, Unescaped next) {
        int end = at + 1;
        while (end < length && end - at <= LONGEST_ENTITY && letters[end] != ';') {
            end++;
        }
        if (end >= length || letters[end] != ';') {
            return 0;
        }
        int code = character(new String(letters, at + 1, end - at - 1));
        if (code < 0) {
            return 0;
        }
        for (char letter : Character.toChars(code)) {
            next.add(letter, from[at], until[end]);
        }
        return end - at + 1;
    }

    /// @return -1 where it is none that is known
    private static int character(String entity) {
        Character known = ENTITIES.get(entity.toLowerCase(Locale.ROOT));
        if (known != null) {
            return known;
        }
        if (entity.matches(ACCENTED)) {
            return entity.charAt(0);
        }
        boolean hex = entity.matches("#[xX][0-9A-Fa-f]{1,6}");
        if (!hex && !entity.matches("#[0-9]{1,7}")) {
            return -1;
        }
        int code = Integer.parseInt(entity.substring(hex ? 2 : 1), hex ? 16 : 10);
        return Character.isValidCodePoint(code) ? code : -1;
    }

    /// @return -1 where there are no such digits
    private int hex(int at, int digits) {
        if (at + digits > length) {
            return -1;
        }
        int code = 0;
        for (int i = at; i < at + digits; i++) {
            int digit = Character.digit(letters[i], 16);
            if (digit < 0) {
                return -1;
            }
            code = code * 16 + digit;
        }
        return code;
    }

    /// Without case, accents, control characters, and with one blank for many. A plus is how forms
    /// write a blank.
    private Unescaped folded() {
        var folded = new Unescaped(length);
        int at = 0;
        while (at < length) {
            int letter = Character.codePointAt(letters, at, length);
            int taken = Character.charCount(letter);
            int end = until[at + taken - 1];
            if (isBlank(letter)) {
                folded.addBlank(from[at], end);
            } else if (!folded.addFolded(letter, from[at], end)) {
                folded.stretch(end);
            }
            at += taken;
        }
        return folded;
    }

    private static boolean isBlank(int letter) {
        return letter == '+'
                || Character.isWhitespace(letter)
                || Character.isSpaceChar(letter)
                || Character.isISOControl(letter);
    }

    private void addBlank(int begin, int end) {
        if (length > 0 && letters[length - 1] == BLANK) {
            stretch(end);
        } else {
            add(BLANK, begin, end);
        }
    }

    /// What belongs to the letter before it.
    private void stretch(int end) {
        if (length > 0) {
            until[length - 1] = end;
        }
    }

    /// @return false when nothing is left of it: a mark, or what has no width
    private boolean addFolded(int letter, int begin, int end) {
        if (letter < 0x80) {
            add((char) Character.toLowerCase(letter), begin, end);
            return true;
        }
        String plain = plain(letter);
        if (plain == null) {
            return false;
        }
        for (int i = 0; i < plain.length(); i++) {
            add(plain.charAt(i), begin, end);
        }
        return true;
    }

    private static @Nullable String plain(int letter) {
        if (Character.getType(letter) == Character.FORMAT) {
            return null;
        }
        String apart =
                Normalizer.normalize(Character.toString(letter), Normalizer.Form.NFKD)
                        .toUpperCase(Locale.ROOT)
                        .toLowerCase(Locale.ROOT);
        String plain = Normalizer.normalize(apart, Normalizer.Form.NFKD).replaceAll("\\p{M}+", "");
        return plain.isEmpty() ? null : plain;
    }
}
