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
/// @param id as it says; null when it does not
/// @param ended it has an end: what is set now, nobody will see
record Conversation(@Nullable UUID id, Map<UUID, Image> participants, boolean ended) {
    /// One participant at the moment of the read.
    record Image(String purpose, Map<String, ShownValue> values) {
        /// As text; null when there is none.
        @Nullable String valueOf(AttributeChange change) {
            ShownValue value = values.get(change.name());
            return value == null ? null : value.text();
        }

        boolean has(AttributeChange change) {
            return difference(change) == null;
        }

        /// How what stands differs from what is owed, to follow "the API"; null when it does not.
        @Nullable String difference(AttributeChange change) {
            return ShownValue.difference(change.value(), values.get(change.name()));
        }

        /// As texts, by name.
        Map<String, String> attributes() {
            var texts = new HashMap<String, String>();
            values.forEach((name, value) -> texts.put(name, value.text()));
            return Map.copyOf(texts);
        }

        /// Without the values.
        @Override
        public String toString() {
            return purpose + " with " + values.keySet();
        }
    }

    /// Null when the text is no conversation.
    static @Nullable Conversation parse(String json) {
        try {
            JsonNode conversation = JsonMapper.shared().readTree(json);
            JsonNode participants = conversation.path("participants");
            return participants.isArray()
                    ? of(conversation.path("id"), participants, conversation.hasNonNull("endTime"))
                    : null;
        } catch (JacksonException notJson) {
            return null;
        }
    }

    /// The same, with no more than these participants.
    Conversation only(Collection<UUID> wanted) {
        var kept = new HashMap<>(participants);
        kept.keySet().retainAll(wanted);
        return new Conversation(id, Map.copyOf(kept), ended);
    }

    private static Conversation of(JsonNode id, JsonNode participants, boolean ended) {
        var images = new HashMap<UUID, Image>();
        for (JsonNode participant : participants) {
            UUID person = uuid(participant.path("id"));
            if (person != null) {
                images.put(
                        person, new Image(text(participant.path("purpose")), values(participant)));
            }
        }
        return new Conversation(uuid(id), Map.copyOf(images), ended);
    }

    private static Map<String, ShownValue> values(JsonNode participant) {
        var values = new HashMap<String, ShownValue>();
        for (String container : new String[] {"attributes", "participantAttributes"}) {
            values.putAll(ShownValue.allOf(participant.path(container)));
        }
        return Map.copyOf(values);
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
