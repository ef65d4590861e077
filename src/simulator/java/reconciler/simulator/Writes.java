package reconciler.simulator;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Sets attributes: finds the participant, asks the contract, applies, answers.
final class Writes {

    private final SimulatorSettings settings;
    private final Conversations conversations;
    private final Ledger ledger;
    private final InstantSource time;
    private final WebContract web;
    private final PublishedContract published;

    Writes(
            SimulatorSettings settings,
            Conversations conversations,
            Ledger ledger,
            InstantSource time) {
        this.settings = settings;
        this.conversations = conversations;
        this.ledger = ledger;
        this.time = time;
        Behaviour behaviour = settings.behaviour();
        AttributeRules rules = new AttributeRules(settings.limits(), behaviour.scalars());
        this.web = new WebContract(behaviour.unknownFields(), rules);
        this.published = new PublishedContract(behaviour.unknownFields(), rules);
    }

    Answer answer(Call call, Target.OfParticipant target, Credential.Token token) {
        if (token.readOnly()) {
            return new ErrorBody(
                            403,
                            "missing.permissions",
                            "Unable to perform the requested action. You are missing the following"
                                    + " permission(s): conversation:write")
                    .to(call.visit());
        }
        if (call.oversized()) {
            return new ErrorBody(
                            413,
                            "request.entity.too.large",
                            "Maximum bytes: " + settings.limits().bodyBytes())
                    .to(call.visit());
        }
        Participant participant = find(call, target);
        return participant == null
                ? Reads.notFound(call.visit())
                : switch (judge(call, target, participant)) {
                    case Verdict.Accepted(Map<String, String> attributes) ->
                            write(call, target, participant, attributes, token);
                    case Verdict.Refused refused -> refusal(call, refused);
                };
    }

    private @Nullable Participant find(Call call, Target.OfParticipant target) {
        return switch (settings.population().strangers()) {
            case ADOPTED ->
                    conversations.adopt(
                            target.subject(),
                            call.json().path("type").asString("").equals("agent")
                                    ? "agent"
                                    : "customer");
            case REFUSED -> {
                Conversation conversation = conversations.find(target.subject().conversationId());
                yield conversation == null
                        ? null
                        : conversation.find(target.subject().participantId());
            }
        };
    }

    private Verdict judge(Call call, Target.OfParticipant target, Participant participant) {
        return switch (target.endpoint()) {
            case WEB -> web.judge(call, participant);
            case ANY_MEDIUM, CALLS, CALLBACKS, EMAILS, MESSAGES -> published.judge(call);
        };
    }

    private Answer refusal(Call call, Verdict.Refused refused) {
        List<Problem> shown =
                switch (settings.behaviour().errorList()) {
                    case FILLED -> refused.problems();
                    case EMPTY -> List.of();
                };
        return new ErrorBody(refused.status(), refused.code(), refused.message(), shown)
                .to(call.visit());
    }

    private Answer write(
            Call call,
            Target.OfParticipant target,
            Participant participant,
            Map<String, String> attributes,
            Credential.Token token) {
        Conversation conversation = conversations.find(target.subject().conversationId());
        if (conversation == null || conversation.endedAt() == null) {
            apply(call, participant, attributes, token);
            return success(target, attributes).applied(!attributes.isEmpty());
        }
        return switch (settings.behaviour().ended()) {
            case LOST -> success(target, attributes);
            case NOT_FOUND -> Reads.notFound(call.visit());
            case CONFLICT ->
                    new ErrorBody(409, "general.conflict", "The conversation has ended.")
                            .to(call.visit());
        };
    }

    private void apply(
            Call call,
            Participant participant,
            Map<String, String> attributes,
            Credential.Token token) {
        if (attributes.isEmpty()) {
            return;
        }
        Instant now = time.instant();
        participant.apply(
                attributes,
                settings.behaviour().merge(),
                now,
                now.plus(settings.behaviour().visibility()),
                () ->
                        ledger.applied(
                                call.visit(),
                                participant.address(),
                                attributes,
                                token.fingerprint()));
    }

    private static Answer success(Target.OfParticipant target, Map<String, String> attributes) {
        return switch (target.endpoint()) {
            case ANY_MEDIUM -> Answer.empty(202);
            case WEB ->
                    Answer.json(
                            200,
                            Json.object()
                                    .put("id", target.subject().participantId())
                                    .set("participantAttributes", Json.object(attributes)));
            case CALLS, CALLBACKS, EMAILS, MESSAGES ->
                    Answer.json(202, Json.object().set("attributes", Json.object(attributes)));
        };
    }
}
