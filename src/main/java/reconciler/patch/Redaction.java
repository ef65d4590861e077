package reconciler.patch;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import reconciler.change.AttributeChange;
import tools.jackson.databind.json.JsonMapper;

/// Keeps the values we sent out of what the API says about them: an error that quotes a value would
/// carry personal data into messages.
final class Redaction {
    private static final String MASK = "[value]";
    private static final Redaction NONE = new Redaction(List.of());

    private final List<Pattern> values;

    private Redaction(List<Pattern> values) {
        this.values = values;
    }

    static Redaction of(List<AttributeChange> changes) {
        return new Redaction(
                changes.stream()
                        .map(AttributeChange::value)
                        .filter(value -> !value.isBlank())
                        .flatMap(value -> Stream.of(value, escaped(value)))
                        .distinct()
                        .sorted(Comparator.comparingInt(String::length).reversed())
                        .map(Redaction::standingAlone)
                        .toList());
    }

    /// Where nothing of ours was sent.
    static Redaction none() {
        return NONE;
    }

    String apply(String text) {
        String redacted = text;
        for (Pattern value : values) {
            redacted = value.matcher(redacted).replaceAll(Matcher.quoteReplacement(MASK));
        }
        return redacted;
    }

    /// As a word of its own: a value "1" must not eat the digits of a number.
    private static Pattern standingAlone(String value) {
        return Pattern.compile("(?<![\\p{L}\\p{N}])" + Pattern.quote(value) + "(?![\\p{L}\\p{N}])");
    }

    private static String escaped(String value) {
        String json = JsonMapper.shared().writeValueAsString(value);
        return json.substring(1, json.length() - 1);
    }
}
