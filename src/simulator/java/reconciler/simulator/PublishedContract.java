package reconciler.simulator;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The published contract: `{"attributes": {name: value}}` and nothing else.
final class PublishedContract {

    private static final String ATTRIBUTES = "attributes";

    private final Behaviour.UnknownFields unknownFields;
    private final AttributeRules rules;

    PublishedContract(Behaviour.UnknownFields unknownFields, AttributeRules rules) {
        this.unknownFields = unknownFields;
        this.rules = rules;
    }

    Verdict judge(Call call) {
        JsonNode body = call.json();
        if (!call.isJson()) {
            return Verdict.of(
                    415, "unsupported.media.type", "Use application/json as the media type.");
        }
        if (!body.isObject()) {
            return Verdict.of(400, "bad.request", "The request could not be understood.");
        }
        List<Problem> problems = new ArrayList<>(strangers(body));
        if (!isIgnorable(body)) {
            problems.addAll(rules.problems(ATTRIBUTES, body.path(ATTRIBUTES)));
        }
        return problems.isEmpty()
                ? new Verdict.Accepted(rules.values(body.path(ATTRIBUTES)))
                : new Verdict.Refused(
                        400, "invalid.value", "The request has invalid values.", problems);
    }

    private List<Problem> strangers(JsonNode body) {
        return switch (unknownFields) {
            case IGNORED -> List.of();
            case REFUSED ->
                    body.propertyNames().stream()
                            .filter(name -> !name.equals(ATTRIBUTES))
                            .map(name ->
                                    new Problem(
                                            name,
                                            "unexpected.field",
                                            "Unexpected field '" + name + "'"))
                            .toList();
        };
    }

    /// Where strange fields are not looked at, a body of nothing but strange fields sets nothing.
    private boolean isIgnorable(JsonNode body) {
        return switch (unknownFields) {
            case IGNORED -> body.path(ATTRIBUTES).isMissingNode();
            case REFUSED -> false;
        };
    }
}
