package reconciler.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The contract of the problem report: `type` and `participantAttributes`, and `type` must be the
/// participant's own role.
final class WebContract {

    private static final String ATTRIBUTES = "participantAttributes";
    private static final Set<String> ROLES = Set.of("contact", "agent");

    /// The fields of a whole participant. Whoever sends one back must have a fresh one.
    private static final Set<String> FULL_OBJECT = Set.of("id", "purpose", "state", "wrapUpCode");

    private final Behaviour.UnknownFields unknownFields;
    private final AttributeRules rules;

    WebContract(Behaviour.UnknownFields unknownFields, AttributeRules rules) {
        this.unknownFields = unknownFields;
        this.rules = rules;
    }

    Verdict judge(Call call, Participant participant) {
        JsonNode body = call.json();
        if (!call.isJson()) {
            return refused(
                    new Problem("Content-Type", "invalid.value", "must be application/json"));
        }
        if (!body.isObject()) {
            return refused(new Problem("body", "invalid.value", "must be a JSON object"));
        }
        if (isStale(body, participant)) {
            return Verdict.of(
                    409,
                    "general.conflict",
                    "The request conflicts with the current state of the participant.");
        }
        List<Problem> problems = new ArrayList<>(problemsOfShape(body));
        problems.addAll(problemsOfType(body.path("type"), participant));
        problems.addAll(rules.problems(ATTRIBUTES, body.path(ATTRIBUTES)));
        return problems.isEmpty()
                ? new Verdict.Accepted(rules.values(body.path(ATTRIBUTES)))
                : refused(problems.toArray(Problem[]::new));
    }

    private static boolean isStale(JsonNode body, Participant participant) {
        return differs(body.path("state"), participant.state())
                || differs(body.path("wrapUpCode"), participant.wrapUpCode());
    }

    private static boolean differs(JsonNode sent, String stored) {
        return !sent.isMissingNode() && !sent.asString("").equals(stored);
    }

    private List<Problem> problemsOfShape(JsonNode body) {
        return body.propertyNames().stream()
                .filter(name -> !name.equals("type") && !name.equals(ATTRIBUTES))
                .filter(this::isUnwelcome)
                .map(name ->
                        new Problem(
                                name,
                                "unexpected.field",
                                "Unexpected field '" + name + "' in the active state"))
                .toList();
    }

    /// `attributes` and `data` are known to be refused, whatever happens to other strange fields.
    private boolean isUnwelcome(String name) {
        return switch (unknownFields) {
            case REFUSED -> !FULL_OBJECT.contains(name);
            case IGNORED -> name.equals("attributes") || name.equals("data");
        };
    }

    private static List<Problem> problemsOfType(JsonNode type, Participant participant) {
        if (type.isMissingNode()) {
            return List.of(new Problem("type", "missing", "type is mandatory"));
        }
        if (!type.isString() || !ROLES.contains(type.asString())) {
            return List.of(new Problem("type", "invalid.value", "type must be contact or agent"));
        }
        return type.asString().equals(participant.role())
                ? List.of()
                : List.of(
                        new Problem(
                                "type",
                                "type.mismatch",
                                "type does not match the role of the participant"));
    }

    private static Verdict refused(Problem... problems) {
        return new Verdict.Refused(
                400, "invalid_request_body", "The request body is invalid.", List.of(problems));
    }
}
