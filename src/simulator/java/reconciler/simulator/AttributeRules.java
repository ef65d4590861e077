package reconciler.simulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// What both contracts ask of names and values. Every attribute that breaks a rule is named.
record AttributeRules(Limits limits, Behaviour.Scalars scalars) {

    /// @param field the name of the object that holds the attributes
    List<Problem> problems(String field, JsonNode attributes) {
        if (!attributes.isObject()) {
            String code = attributes.isMissingNode() ? "missing" : "invalid.value";
            return List.of(new Problem(field, code, field + " must be an object of strings"));
        }
        List<Problem> problems = new ArrayList<>();
        attributes.forEachEntry((name, value) -> judge(name, value, problems));
        return problems;
    }

    Map<String, String> values(JsonNode attributes) {
        Map<String, String> values = new LinkedHashMap<>();
        attributes.forEachEntry((name, value) -> values.put(name.intern(), value.asString()));
        return values.size() == 1 ? Map.copyOf(values) : values;
    }

    private void judge(String name, JsonNode value, List<Problem> problems) {
        if (limits.refusedNames().contains(name)) {
            problems.add(new Problem(name, "invalid.attribute", name + " cannot be set"));
        } else if (!isText(value)) {
            problems.add(new Problem(name, "invalid.value", name + " must be a string"));
        } else if (value.asString().length() > limits.valueLength()) {
            problems.add(
                    new Problem(
                            name,
                            "invalid.value",
                            name + " is longer than " + limits.valueLength() + " characters"));
        }
    }

    private boolean isText(JsonNode value) {
        return switch (scalars) {
            case COERCED -> value.isString() || value.isNumber() || value.isBoolean();
            case REFUSED -> value.isString();
        };
    }
}
