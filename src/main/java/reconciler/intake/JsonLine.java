package reconciler.intake;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import reconciler.intake.Header.Attributes;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/// An object's properties as columns and fields; those of `attributes` are called as the columns of
/// the wide form.
///
/// @param problems with single properties
record JsonLine(List<String> names, List<String> values, List<Problem> problems) {
    private static final int DEEPEST = 500;
    private static final int LONGEST_NUMBER = 1000;
    private static final int LONGEST_NAME = 50_000;

    /// What is beyond them is a bad line.
    static final String LIMITS =
            "beyond a limit of the JSON parser: at most "
                    + DEEPEST
                    + " levels, "
                    + LONGEST_NUMBER
                    + " digits of a number, "
                    + LONGEST_NAME
                    + " characters of a name";

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(DEEPEST)
                                    .maxNumberLength(LONGEST_NUMBER)
                                    .maxNameLength(LONGEST_NAME)
                                    .build())
                    .build();
    private static final String ATTRIBUTES = "attributes";

    /// Something wrong with one property.
    record Problem(String property, String reason) {}

    static JsonLine of(String line) {
        var read = new JsonLine(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), line)) {
            json.nextToken();
            read.properties(json, "", new HashSet<>());
            if (json.nextToken() != null) {
                throw new StreamReadException(json, "more than an object");
            }
        }
        return read;
    }

    private void properties(JsonParser json, String prefix, Set<String> seen) {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw new StreamReadException(json, "not an object");
        }
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            JsonToken token = json.nextToken();
            if (!seen.add(prefix + name)) {
                problems.add(new Problem(prefix + name, "is there twice"));
                json.skipChildren();
            } else if (prefix.isEmpty()
                    && name.equals(ATTRIBUTES)
                    && token == JsonToken.START_OBJECT) {
                properties(json, Attributes.PREFIX, seen);
            } else {
                property(json, prefix + name, token);
            }
        }
    }

    private void property(JsonParser json, String name, JsonToken token) {
        String value = "";
        if (token == JsonToken.VALUE_STRING) {
            value = json.getString();
            if (!isUnicode(value)) {
                problems.add(new Problem(name, "half of a surrogate pair is not a character"));
            }
        } else if (token != JsonToken.VALUE_NULL || !Column.isOptional(Header.canonical(name))) {
            problems.add(
                    new Problem(
                            name,
                            token == JsonToken.VALUE_NULL
                                    ? "expected a string, found null"
                                    : "expected a string"));
            json.skipChildren();
        }
        names.add(name);
        values.add(value);
    }

    private static boolean isUnicode(String text) {
        return text.codePoints().noneMatch(point -> point >= 0xD800 && point <= 0xDFFF);
    }

    /// Without the values.
    @Override
    public String toString() {
        return names + " " + problems;
    }
}
