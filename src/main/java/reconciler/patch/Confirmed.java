package reconciler.patch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reconciler.change.AttributeChange;
import reconciler.outcome.Difference;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a success confirms, by the contract: its media type and its body have to be those that the
/// contract promises, and the values it shows those that were sent.
sealed interface Confirmed {
    /// @param differences the attributes of which it shows another value
    record As(List<Difference> differences) implements Confirmed {}

    /// Nothing.
    ///
    /// @param why for the operator: what came and what was promised
    record Nothing(String why) implements Confirmed {}

    /// @param sent the changes that the PATCH carried, of one participant
    static Confirmed by(Answer.Received answer, ApiContract contract, List<AttributeChange> sent) {
        boolean hasBody = !answer.body().isBlank();
        return switch (contract.promise(answer.status())) {
            case VALUES -> hasBody ? values(answer, contract, sent) : broken(answer, contract);
            case VALUES_OR_NO_BODY -> hasBody ? values(answer, contract, sent) : new As(List.of());
            case NO_BODY -> hasBody ? broken(answer, contract) : new As(List.of());
            case UNKNOWN_STATUS ->
                    new Nothing(
                            "the contract "
                                    + contract.label()
                                    + " knows no success with the status "
                                    + answer.status());
        };
    }

    private static Nothing broken(Answer.Received answer, ApiContract contract) {
        return new Nothing(
                answer.body().isBlank()
                        ? "the answer has no body, and the contract "
                                + contract.label()
                                + " promises JSON with "
                                + contract.container()
                        : "the answer has a body, and the contract "
                                + contract.label()
                                + " promises none");
    }

    private static Confirmed values(
            Answer.Received answer, ApiContract contract, List<AttributeChange> sent) {
        String mediaType = answer.mediaType();
        if (mediaType == null || !ForeignAnswer.isJson(mediaType)) {
            return new Nothing("the answer's media type is not application/json");
        }
        JsonNode body = json(answer.body());
        JsonNode attributes = body == null ? null : attributes(body, contract);
        if (body == null || attributes == null) {
            return new Nothing("the answer is no JSON object with " + contract.container());
        }
        String id = body.path("id").asString("");
        if (!id.isEmpty()
                && !id.equalsIgnoreCase(sent.getFirst().participant().participantId().toString())) {
            return new Nothing("the answer is about another participant");
        }
        return new As(differences(ShownValue.allOf(attributes), sent));
    }

    private static @Nullable JsonNode json(String body) {
        try {
            return JsonMapper.shared().readTree(body);
        } catch (JacksonException cutOffOrNoJson) {
            return null;
        }
    }

    private static @Nullable JsonNode attributes(JsonNode body, ApiContract contract) {
        return Stream.of(contract.container(), "attributes")
                .map(body::path)
                .filter(JsonNode::isObject)
                .findFirst()
                .orElse(null);
    }

    private static List<Difference> differences(
            Map<String, ShownValue> shown, List<AttributeChange> sent) {
        var differences = new ArrayList<Difference>();
        for (AttributeChange change : sent) {
            String words = ShownValue.difference(change.value(), shown.get(change.name()));
            if (words != null) {
                differences.add(new Difference(change.name(), words));
            }
        }
        return differences;
    }
}
