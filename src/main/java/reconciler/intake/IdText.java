package reconciler.intake;

import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A UUID as people and programs write it.
final class IdText {
    private static final int LENGTH = 36;
    private static final int WITHOUT_DASHES = 32;
    private static final String URN = "urn:uuid:";
    private static final byte NONE = -1;

    /// The value of a hex digit; 16 more for those in upper case.
    private static final byte[] DIGITS = digits();

    private IdText() {}

    /// @return null when it is none in any form that is known
    static @Nullable UUID parse(String text, NormalisationCounts counts) {
        if (text.length() == LENGTH) {
            UUID id = usual(text, counts);
            if (id != null) {
                return id;
            }
        }
        return unusual(text, counts);
    }

    /// Why it is none: the character that stands in the way, or what was found instead.
    static String fault(String text) {
        String core = Blanks.strip(text);
        if (core.length() == LENGTH || core.length() == WITHOUT_DASHES || !isAscii(core)) {
            for (int i = 0; i < core.length(); i++) {
                int character = core.codePointAt(i);
                if (character != '-' && !isHex(character)) {
                    return Blanks.name(character)
                            + " at character "
                            + (text.indexOf(core) + core.codePointCount(0, i) + 1);
                }
            }
        }
        return Found.in(text);
    }

    private static @Nullable UUID usual(String text, NormalisationCounts counts) {
        long high = 0;
        long low = 0;
        int seen = 0;
        for (int i = 0; i < LENGTH; i++) {
            char character = text.charAt(i);
            if (i == 8 || i == 13 || i == 18 || i == 23) {
                if (character != '-') {
                    return null;
                }
                continue;
            }
            int digit = character < DIGITS.length ? DIGITS[character] : NONE;
            if (digit < 0) {
                return null;
            }
            seen |= digit;
            if (i < 18) {
                high = high << 4 | (digit & 15);
            } else {
                low = low << 4 | (digit & 15);
            }
        }
        if (seen > 15) {
            counts.count(Normalisation.UPPER_CASE);
        }
        return new UUID(high, low);
    }

    private static @Nullable UUID unusual(String text, NormalisationCounts counts) {
        var found = new NormalisationCounts();
        String core = Blanks.strip(text, found);
        if (core.toLowerCase(Locale.ROOT).startsWith(URN)) {
            core = core.substring(URN.length());
            found.count(Normalisation.URN);
        }
        if (core.startsWith("{") && core.endsWith("}") && core.length() > 2) {
            core = Blanks.strip(core.substring(1, core.length() - 1));
            found.count(Normalisation.BRACES);
        }
        if (core.length() == WITHOUT_DASHES) {
            core = dashed(core);
            found.count(Normalisation.NO_DASHES);
        }
        UUID id = core.length() == LENGTH ? usual(core, found) : null;
        if (id != null) {
            found.counts().forEach(counts::count);
        }
        return id;
    }

    private static String dashed(String digits) {
        return String.join(
                "-",
                digits.substring(0, 8),
                digits.substring(8, 12),
                digits.substring(12, 16),
                digits.substring(16, 20),
                digits.substring(20));
    }

    private static boolean isHex(int character) {
        return character < DIGITS.length && DIGITS[character] != NONE;
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(character -> character < 128);
    }

    private static byte[] digits() {
        byte[] digits = new byte[128];
        Arrays.fill(digits, NONE);
        for (int value = 0; value < 16; value++) {
            digits[Character.forDigit(value, 16)] = (byte) value;
        }
        for (char upper = 'A'; upper <= 'F'; upper++) {
            digits[upper] = (byte) (16 | Character.digit(upper, 16));
        }
        return digits;
    }
}
