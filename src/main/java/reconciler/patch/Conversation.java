package reconciler.patch;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reconciler.change.AttributeChange;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A conversation as it was read: its participants with their purposes and attributes.
///
/// @param ended it has an end: what is set now, nobody will see
record Conversation(Map<UUID, Image> participants, boolean ended) {
    /// One participant at the moment of the read.
    record Image(String purpose, Map<String, String> attributes) {
        @Nullable String valueOf(AttributeChange change) {
            return attributes.get(change.name());
        }

        boolean has(AttributeChange change) {
            return change.value().equals(valueOf(change));
        }

        /// Without the values.
        @Override
        public String toString() {
            return purpose + " with " + attributes.keySet();
        }
    }

    /// Null when the text is no conversation.
    static @Nullable Conversation parse(String json) {
        try {
            JsonNode conversation = JsonMapper.shared().readTree(json);
            JsonNode participants = conversation.path("participants");
            return participants.isArray()
                    ? of(participants, conversation.hasNonNull("endTime"))
                    : null;
        } catch (JacksonException notJson) {
            return null;
        }
    }

    /// The same, with no more than these participants.
    Conversation only(Collection<UUID> wanted) {
        var kept = new HashMap<>(participants);
        kept.keySet().retainAll(wanted);
        return new Conversation(Map.copyOf(kept), ended);
    }

    private static Conversation of(JsonNode participants, boolean ended) {
        var images = new HashMap<UUID, Image>();
        for (JsonNode participant : participants) {
            UUID id = uuid(participant.path("id"));
            if (id != null) {
                images.put(
                        id, new Image(text(participant.path("purpose")), attributes(participant)));
            }
        }
        return new Conversation(Map.copyOf(images), ended);
    }

    private static Map<String, String> attributes(JsonNode participant) {
        var attributes = new HashMap<String, String>();
        for (String container : new String[] {"attributes", "participantAttributes"}) {
            participant.path(container).properties().stream()
                    .filter(attribute -> attribute.getValue().isValueNode())
                    .filter(attribute -> !attribute.getValue().isNull())
                    .forEach(attribute ->
                            attributes.put(attribute.getKey(), text(attribute.getValue())));
        }
        return Map.copyOf(attributes);
    }

    private static String text(JsonNode scalar) {
        return scalar.isValueNode() ? scalar.asString() : "";
    }

    private static @Nullable UUID uuid(JsonNode id) {
        try {
            return id.isString() ? UUID.fromString(id.stringValue()) : null;
        } catch (IllegalArgumentException notOne) {
            return null;
        }
    }
}
