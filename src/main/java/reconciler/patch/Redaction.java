package reconciler.patch;

import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reconciler.change.AttributeChange;
import tools.jackson.databind.json.JsonMapper;

/// Keeps the values we sent out of what the API says about them: an error that quotes a value would
/// carry personal data into messages.
///
/// @param changes whose values are not to be seen
record Redaction(List<AttributeChange> changes) {
    private static final String MASK = "[value]";
    private static final int SHORT = 3;

    /// Where nothing of ours was sent.
    static Redaction none() {
        return new Redaction(List.of());
    }

    String apply(String text) {
        List<String> values =
                changes.stream()
                        .map(AttributeChange::value)
                        .filter(value -> !value.isBlank())
                        .flatMap(value -> Stream.of(value, inJson(value), inAsciiJson(value)))
                        .distinct()
                        .sorted(Comparator.comparingInt(String::length).reversed())
                        .toList();
        String redacted = text;
        for (String value : values) {
            redacted = without(value, redacted);
        }
        return redacted;
    }

    /// A short one only where it stands alone: a value "1" must not eat the digits of a number.
    private static String without(String value, String text) {
        var kept = new StringBuilder();
        int from = 0;
        for (int at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
            int end = at + value.length();
            boolean alone = !isWithinWord(text, at) && !isWithinWord(text, end);
            if (at >= from && (alone || value.length() > SHORT)) {
                kept.append(text, from, at).append(MASK);
                from = end;
            }
        }
        return kept.append(text.substring(from)).toString();
    }

    private static boolean isWithinWord(String text, int at) {
        return at > 0
                && at < text.length()
                && Character.isLetterOrDigit(text.charAt(at - 1))
                && Character.isLetterOrDigit(text.charAt(at));
    }

    private static String inJson(String value) {
        String json = JsonMapper.shared().writeValueAsString(value);
        return json.substring(1, json.length() - 1);
    }

    private static String inAsciiJson(String value) {
        return inJson(value)
                .chars()
                .mapToObj(letter ->
                        letter < 128
                                ? Character.toString(letter)
                                : "\\u" + HexFormat.of().toHexDigits((char) letter))
                .collect(Collectors.joining());
    }
}
