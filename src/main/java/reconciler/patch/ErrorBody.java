package reconciler.patch;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The API's error body, read leniently: every part may be missing, and the whole may be a web
/// page.
///
/// @param faults what it says about single fields: its `errors`, its `details`, itself
record ErrorBody(
        @Nullable String code,
        @Nullable String message,
        @Nullable String contextId,
        @Nullable String oauthError,
        List<Fault> faults) {
    static final ErrorBody NONE = new ErrorBody(null, null, null, null, List.of());
    private static final List<String> FIELD_NAMES =
            List.of("field", "fieldName", "path", "pointer", "property", "attribute", "param");

    /// One complaint of the API.
    ///
    /// @param fields what it points at, in the API's own spelling
    record Fault(List<String> fields, @Nullable String code, @Nullable String message) {}

    static ErrorBody parse(String body) {
        try {
            JsonNode root = JsonMapper.shared().readTree(body);
            return root.isObject() ? of(root) : NONE;
        } catch (JacksonException notJson) {
            return NONE;
        }
    }

    private static ErrorBody of(JsonNode root) {
        var faults = new ArrayList<Fault>();
        JsonNode errors = root.path("errors");
        errors.properties().forEach(error -> faults.add(named(error.getKey(), error.getValue())));
        if (errors.isArray()) {
            errors.forEach(error -> faults.add(fault(error)));
        }
        root.path("details").forEach(detail -> faults.add(fault(detail)));
        faults.add(fault(root));
        return new ErrorBody(
                text(root, "code"),
                text(root, "message"),
                text(root, "contextId"),
                text(root, "error"),
                List.copyOf(faults));
    }

    private static Fault fault(JsonNode node) {
        if (node.isString()) {
            return new Fault(List.of(), null, node.stringValue());
        }
        var fields = new ArrayList<String>();
        FIELD_NAMES.forEach(name -> addText(fields, node.get(name)));
        node.path("messageParams").forEach(param -> addText(fields, param));
        node.path("details").forEach(detail -> addText(fields, detail.get("fieldName")));
        String code = text(node, "code");
        return new Fault(
                List.copyOf(fields),
                code == null ? text(node, "errorCode") : code,
                text(node, "message"));
    }

    /// One of `{"errors": {"priority": "is too long"}}`.
    private static Fault named(String field, JsonNode error) {
        Fault fault = fault(error);
        return new Fault(List.of(field), fault.code(), fault.message());
    }

    private static void addText(List<String> fields, @Nullable JsonNode node) {
        if (node != null && node.isString()) {
            fields.add(node.stringValue());
        }
    }

    private static @Nullable String text(JsonNode node, String name) {
        JsonNode value = node.get(name);
        return value != null && value.isString() ? value.stringValue() : null;
    }
}
