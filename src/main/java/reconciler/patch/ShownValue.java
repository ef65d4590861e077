package reconciler.patch;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A value as the API shows it.
record ShownValue(Type type, String text) {
    /// Texts are what is sent; anything else is not what was sent.
    enum Type {
        TEXT("a text"),
        NUMBER("a number"),
        BOOLEAN("a boolean"),
        OBJECT("an object"),
        LIST("a list");

        private final String inWords;

        Type(String inWords) {
            this.inWords = inWords;
        }

        private static Type of(JsonNode node) {
            if (node.isObject()) {
                return OBJECT;
            }
            if (node.isArray()) {
                return LIST;
            }
            return node.isNumber() ? NUMBER : node.isBoolean() ? BOOLEAN : TEXT;
        }
    }

    /// Those of an object, by name; a null is no value.
    static Map<String, ShownValue> allOf(JsonNode attributes) {
        var values = new HashMap<String, ShownValue>();
        attributes.properties().stream()
                .filter(attribute -> !attribute.getValue().isNull())
                .forEach(attribute -> values.put(attribute.getKey(), of(attribute.getValue())));
        return values;
    }

    private static ShownValue of(JsonNode node) {
        return new ShownValue(Type.of(node), node.isValueNode() ? node.asString() : "");
    }

    boolean is(String value) {
        return type == Type.TEXT && text.equals(value);
    }

    /// How what is shown differs from what was sent, to follow "the API"; without either of them.
    ///
    /// @return null when it does not
    static @Nullable String difference(String sent, @Nullable ShownValue shown) {
        if (shown == null) {
            return "shows no value";
        }
        if (shown.type != Type.TEXT) {
            return "keeps " + shown.type.inWords + " instead of a text";
        }
        return shown.text.equals(sent) ? null : ofTexts(sent, shown.text);
    }

    private static String ofTexts(String sent, String shown) {
        if (shown.isEmpty()) {
            return "keeps an empty text instead of " + characters(sent);
        }
        if (sent.startsWith(shown)) {
            return "kept the first " + length(shown) + " of " + characters(sent);
        }
        if (shown.equals(sent.strip())) {
            return "removed the white space around the value";
        }
        if (shown.equalsIgnoreCase(sent)) {
            return "changed upper and lower case";
        }
        if (composed(shown).equals(composed(sent))) {
            return "changed the Unicode form of the value";
        }
        return "shows another value, of " + characters(shown) + " instead of " + length(sent);
    }

    private static String characters(String text) {
        int length = length(text);
        return length + (length == 1 ? " character" : " characters");
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String composed(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    /// Without the value.
    @Override
    public String toString() {
        return type.inWords;
    }
}
