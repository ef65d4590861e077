package reconciler.simulator;

import java.util.LinkedHashMap;
import java.util.Map;

/// What a request is answered with.
///
/// @param applied whether the request changed attributes
record Answer(
        int status,
        Map<String, String> headers,
        String contentType,
        String body,
        boolean applied,
        Delivery delivery) {

    static Answer empty(int status) {
        return new Answer(status, Map.of(), "", "", false, new Delivery.Whole());
    }

    static Answer json(int status, Object body) {
        return of(status, "application/json", body.toString());
    }

    static Answer of(int status, String contentType, String body) {
        return new Answer(status, Map.of(), contentType, body, false, new Delivery.Whole());
    }

    Answer with(Map<String, String> more) {
        Map<String, String> both = new LinkedHashMap<>(headers);
        both.putAll(more);
        return new Answer(status, both, contentType, body, applied, delivery);
    }

    Answer with(Delivery other) {
        return new Answer(status, headers, contentType, body, applied, other);
    }

    Answer applied(boolean really) {
        return new Answer(status, headers, contentType, body, really, delivery);
    }

    /// The status a caller sees; 0 when it sees none.
    int statusSeen() {
        return switch (delivery) {
            case Delivery.Whole _, Delivery.Slowly _, Delivery.ThenClosed _ -> status;
            case Delivery.Dropped _, Delivery.Held _ -> 0;
        };
    }
}
