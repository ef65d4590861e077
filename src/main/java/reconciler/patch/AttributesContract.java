package reconciler.patch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reconciler.change.Participant;
import reconciler.change.ParticipantRole;

/// The published API: `PATCH /api/v2/conversations/[{medium}/]{c}/participants/{p}/attributes` with
/// `attributes` alone. Nothing is said of the role.
///
/// @param medium null for the path that takes every medium
record AttributesContract(@Nullable Medium medium) implements ApiContract {
    /// The media with a path of their own.
    enum Medium {
        CALLS,
        CALLBACKS,
        EMAILS,
        MESSAGES;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public List<String> patchPath(Participant participant) {
        var path = new ArrayList<>(List.of("api", "v2", "conversations"));
        if (medium != null) {
            path.add(medium.label());
        }
        path.add(participant.conversationId().toString());
        path.add("participants");
        path.add(participant.participantId().toString());
        path.add("attributes");
        return path;
    }

    @Override
    public String body(ParticipantRole role, Map<String, String> attributes) {
        return JsonObject.write(json -> {
            json.writeObjectPropertyStart(container());
            attributes.forEach(json::writeStringProperty);
            json.writeEndObject();
        });
    }

    @Override
    public String container() {
        return "attributes";
    }

    @Override
    public @Nullable String roleField() {
        return null;
    }

    @Override
    public @Nullable ParticipantRole roleOf(String purpose) {
        return null;
    }

    /// 202 is the one success that is published: with the values on the paths of media, of which
    /// messages may leave them out, and without a body on the path that takes every medium.
    @Override
    public Promise promise(int status) {
        return switch (status) {
            case 200 -> Promise.VALUES;
            case 202 ->
                    medium == null || medium == Medium.MESSAGES
                            ? Promise.VALUES_OR_NO_BODY
                            : Promise.VALUES;
            default -> Promise.UNKNOWN_STATUS;
        };
    }

    @Override
    public String label() {
        return medium == null ? "attributes" : "attributes:" + medium.label();
    }

    @Override
    public String toString() {
        return label();
    }
}
