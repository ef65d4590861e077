package reconciler.simulator;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What an API may do to a value that it takes.
enum Alteration {
    CUT,
    TRIM,
    UPPER,
    DROP;

    private static final int KEPT = 256;

    static Alteration of(String text) {
        return Arrays.stream(values())
                .filter(one -> one.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(complaint(text)));
    }

    private static String complaint(String text) {
        return Arrays.stream(values())
                .map(Alteration::text)
                .collect(Collectors.joining(", ", "no alteration '" + text + "'; there are ", ""));
    }

    private String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The request as if it had been sent with altered values.
    Call of(Call call) {
        if (!(call.json() instanceof ObjectNode body)) {
            return call;
        }
        ObjectNode altered = body.deepCopy();
        for (String container : List.of("participantAttributes", "attributes")) {
            if (altered.get(container) instanceof ObjectNode attributes) {
                altered.set(container, altered(attributes));
            }
        }
        return new Call(
                call.visit(),
                call.authorization(),
                call.contentType(),
                altered.toString(),
                call.oversized(),
                altered);
    }

    private ObjectNode altered(ObjectNode attributes) {
        ObjectNode altered = Json.object();
        for (var attribute : attributes.properties()) {
            JsonNode value = attribute.getValue();
            if (!value.isString()) {
                altered.set(attribute.getKey(), value);
            } else if (this != DROP) {
                altered.put(attribute.getKey(), altered(value.stringValue()));
            }
        }
        return altered;
    }

    private String altered(String value) {
        return switch (this) {
            case CUT -> value.substring(0, Math.min(KEPT, value.length()));
            case TRIM -> value.strip();
            case UPPER -> value.toUpperCase(Locale.ROOT);
            case DROP -> "";
        };
    }
}
