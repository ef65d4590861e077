package reconciler.simulator;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// A request that has been read.
///
/// @param body cut off when `oversized`
/// @param json the missing node when the body is not JSON
record Call(
        Visit visit,
        String authorization,
        String contentType,
        String body,
        boolean oversized,
        JsonNode json) {

    String method() {
        return visit.method();
    }

    Target target() {
        return visit.target();
    }

    boolean isJson() {
        return contentType.equals("application/json");
    }

    /// Whatever the body would set under either contract; empty when it is no such body.
    List<String> attributeNames() {
        JsonNode web = json.path("participantAttributes");
        JsonNode published = json.path("attributes");
        return List.copyOf((web.isObject() ? web : published).propertyNames());
    }
}
