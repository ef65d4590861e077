package reconciler.patch;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reconciler.change.AttributeChange;

/// Keeps the values we sent out of what the API says about them: an error that quotes a value would
/// carry personal data into messages.
///
/// A value is found however it is escaped and spelt, see [Unescaped], and so is each part of it
/// that has at least [#PART] letters; a shorter value is found as a whole. Fewer letters of a
/// longer value are not recognised. Used by one thread.
final class Redaction {
    static final int PART = 6;

    private static final String MASK = "[value]";
    private static final int SHORT = 3;

    /// No more of a text is looked at, or kept.
    private static final int MOST_LETTERS = 16_384;

    private final List<AttributeChange> changes;
    private @Nullable List<String> values;

    /// @param changes whose values are not to be seen
    Redaction(List<AttributeChange> changes) {
        this.changes = changes;
    }

    /// Where nothing of ours was sent.
    static Redaction none() {
        return new Redaction(List.of());
    }

    String apply(String given) {
        String text = given.length() > MOST_LETTERS ? given.substring(0, MOST_LETTERS) : given;
        if (changes.isEmpty() || text.isEmpty()) {
            return text;
        }
        Unescaped plain = Unescaped.of(text);
        Map<Long, List<Integer>> parts = parts(plain);
        var masked = new BitSet();
        for (String value : values()) {
            if (value.length() >= PART) {
                markParts(value, plain, parts, masked);
            } else {
                markWhole(value, plain, masked);
            }
        }
        return masked.isEmpty() ? text : without(masked, plain, text);
    }

    private List<String> values() {
        if (values == null) {
            values =
                    changes.stream()
                            .map(change -> Unescaped.of(change.value()).stripped())
                            .filter(value -> !value.isEmpty())
                            .distinct()
                            .toList();
        }
        return values;
    }

    /// Where in the text each part stands, by a number that stands for it.
    private static Map<Long, List<Integer>> parts(Unescaped text) {
        var parts = new HashMap<Long, List<Integer>>();
        for (int at = 0; at + PART <= text.length(); at++) {
            long number = 0;
            for (int i = at; i < at + PART; i++) {
                number = next(number, text.letter(i));
            }
            parts.computeIfAbsent(number, _ -> new ArrayList<>()).add(at);
        }
        return parts;
    }

    private static long next(long number, char letter) {
        return number * 1_000_003L + letter;
    }

    /// What was found once is not looked for again, so that the work is bounded by the lengths.
    private static void markParts(
            String value, Unescaped text, Map<Long, List<Integer>> parts, BitSet masked) {
        for (int at = 0; at + PART <= value.length() && !parts.isEmpty(); at++) {
            long number = 0;
            for (int i = at; i < at + PART; i++) {
                number = next(number, value.charAt(i));
            }
            List<Integer> places = parts.get(number);
            if (places != null && isAt(value, at, text, places.getFirst())) {
                places.forEach(place -> masked.set(place, place + PART));
                parts.remove(number);
            }
        }
    }

    private static boolean isAt(String value, int at, Unescaped text, int place) {
        for (int i = 0; i < PART; i++) {
            if (value.charAt(at + i) != text.letter(place + i)) {
                return false;
            }
        }
        return true;
    }

    /// A short one of plain letters only where it stands alone: a value "1" must not eat the digits
    /// of a number.
    private static void markWhole(String value, Unescaped text, BitSet masked) {
        boolean anywhere =
                value.length() > SHORT || value.chars().anyMatch(letter -> letter >= 0x80);
        for (int at = 0; at + value.length() <= text.length(); at++) {
            int end = at + value.length();
            boolean found = true;
            for (int i = 0; i < value.length() && found; i++) {
                found = value.charAt(i) == text.letter(at + i);
            }
            if (found && (anywhere || (!isWithinWord(text, at) && !isWithinWord(text, end)))) {
                masked.set(at, end);
            }
        }
    }

    private static boolean isWithinWord(Unescaped text, int at) {
        return at > 0
                && at < text.length()
                && Character.isLetterOrDigit(text.letter(at - 1))
                && Character.isLetterOrDigit(text.letter(at));
    }

    /// What lies between two parts and is shorter than a part goes with them.
    private static String without(BitSet masked, Unescaped plain, String text) {
        var kept = new StringBuilder();
        int copied = 0;
        int at = masked.nextSetBit(0);
        while (at >= 0) {
            int end = masked.nextClearBit(at);
            int next = masked.nextSetBit(end);
            while (next >= 0 && next - end < PART && end - at >= PART) {
                end = masked.nextClearBit(next);
                next = masked.nextSetBit(end);
            }
            kept.append(text, copied, plain.from(at)).append(MASK);
            copied = plain.until(end - 1);
            at = next;
        }
        return kept.append(text, copied, text.length()).toString();
    }
}
