package reconciler.patch;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reconciler.change.Participant;
import reconciler.change.ParticipantRole;

/// `PATCH /api/v2/conversations/web/{c}/participants/{p}` with `type` and `participantAttributes`.
/// The type is mandatory and has to be the participant's own.
record WebContract() implements ApiContract {
    @Override
    public List<String> patchPath(Participant participant) {
        return List.of(
                "api",
                "v2",
                "conversations",
                "web",
                participant.conversationId().toString(),
                "participants",
                participant.participantId().toString());
    }

    @Override
    public String body(ParticipantRole role, Map<String, String> attributes) {
        return JsonObject.write(json -> {
            json.writeStringProperty("type", role.name());
            json.writeObjectPropertyStart(container());
            attributes.forEach(json::writeStringProperty);
            json.writeEndObject();
        });
    }

    @Override
    public String container() {
        return "participantAttributes";
    }

    @Override
    public String roleField() {
        return "type";
    }

    /// A purpose is an open set, `type` is `contact` or `agent`. That the customer's side goes by
    /// `contact` is our assumption: nothing published says so.
    @Override
    public @Nullable ParticipantRole roleOf(String purpose) {
        return switch (purpose.toLowerCase(Locale.ROOT)) {
            case "agent" -> new ParticipantRole("agent");
            case "contact", "customer", "external", "user" -> new ParticipantRole("contact");
            default -> null;
        };
    }

    /// No status is named by what is known of this contract, only that a request succeeds.
    @Override
    public Promise promise(int status) {
        return switch (status) {
            case 200, 201 -> Promise.VALUES;
            case 202 -> Promise.VALUES_OR_NO_BODY;
            case 204 -> Promise.NO_BODY;
            default -> Promise.UNKNOWN_STATUS;
        };
    }

    @Override
    public String label() {
        return "web";
    }

    @Override
    public String toString() {
        return label();
    }
}
