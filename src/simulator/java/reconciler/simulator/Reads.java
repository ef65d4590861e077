package reconciler.simulator;

import java.time.Instant;
import java.time.InstantSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `GET /api/v2/conversations/{id}`: the conversation with its participants, as far as visible.
record Reads(Conversations conversations, InstantSource time) {

    Answer answer(Call call, Target.OfConversation target) {
        String id = target.subject().conversationId();
        Conversation conversation = conversations.find(id);
        return conversation == null
                ? notFound(call.visit())
                : Answer.json(200, json(id, conversation));
    }

    static Answer notFound(Visit visit) {
        return new ErrorBody(404, "not.found", "The requested resource was not found.").to(visit);
    }

    private ObjectNode json(String id, Conversation conversation) {
        Instant now = time.instant();
        ObjectNode body = Json.object().put("id", id);
        Instant endedAt = conversation.endedAt();
        if (endedAt != null) {
            body.put("endTime", endedAt.toString());
        }
        ArrayNode participants = body.putArray("participants");
        conversation.participants().forEach(one -> participants.add(json(one, now)));
        return body;
    }

    private static ObjectNode json(Participant participant, Instant now) {
        ObjectNode body =
                Json.object()
                        .put("id", participant.address().participantId())
                        .put("purpose", participant.purpose())
                        .put("state", participant.state())
                        .put("wrapUpCode", participant.wrapUpCode());
        body.set("attributes", Json.object(participant.attributesSeenAt(now)));
        return body;
    }
}
