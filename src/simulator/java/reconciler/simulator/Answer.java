package reconciler.simulator;

import java.util.LinkedHashMap;
import java.util.Map;

/// What a request is answered with.
///
/// @param applied whether the request changed attributes
/// @param sender the API's own answers carry a correlation id
record Answer(
        int status,
        Map<String, String> headers,
        String contentType,
        String body,
        boolean applied,
        Delivery delivery,
        Sender sender) {

    /// Whose answer it is.
    enum Sender {
        API,
        /// A firewall or a proxy in front of it.
        IN_BETWEEN
    }

    static Answer empty(int status) {
        return new Answer(status, Map.of(), "", "", false, new Delivery.Whole(), Sender.API);
    }

    static Answer json(int status, Object body) {
        return of(status, "application/json", body.toString());
    }

    static Answer of(int status, String contentType, String body) {
        return new Answer(
                status, Map.of(), contentType, body, false, new Delivery.Whole(), Sender.API);
    }

    Answer with(Map<String, String> more) {
        Map<String, String> both = new LinkedHashMap<>(headers);
        both.putAll(more);
        return new Answer(status, both, contentType, body, applied, delivery, sender);
    }

    Answer with(Delivery other) {
        return new Answer(status, headers, contentType, body, applied, other, sender);
    }

    Answer applied(boolean really) {
        return new Answer(status, headers, contentType, body, really, delivery, sender);
    }

    Answer by(Sender other) {
        return new Answer(status, headers, contentType, body, applied, delivery, other);
    }

    /// Another body of the same type.
    Answer saying(String other) {
        return new Answer(status, headers, contentType, other, applied, delivery, sender);
    }

    /// The status a caller sees; 0 when it sees none.
    int statusSeen() {
        return switch (delivery) {
            case Delivery.Whole _, Delivery.Slowly _, Delivery.ThenClosed _, Delivery.Inflated _ ->
                    status;
            case Delivery.Dropped _, Delivery.Held _ -> 0;
        };
    }
}
