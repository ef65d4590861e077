package reconciler.simulator;

import java.util.List;
import java.util.UUID;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The error body of the published API. `errors` holds one entry per problem, and each names its
/// field twice, since clients have been seen to look in either place.
record ErrorBody(int status, String code, String message, List<Problem> problems) {

    ErrorBody(int status, String code, String message) {
        this(status, code, message, List.of());
    }

    Answer to(Visit visit) {
        return Answer.json(status, json(visit.correlationId()));
    }

    private ObjectNode json(UUID correlationId) {
        ObjectNode body = plain(code, message, correlationId);
        ArrayNode details = body.putArray("details");
        ArrayNode errors = body.putArray("errors");
        for (Problem problem : problems) {
            details.add(detail(problem));
            ObjectNode error = plain(problem.code(), problem.message(), correlationId);
            error.put("field", problem.field());
            error.putArray("details").add(detail(problem));
            error.putArray("errors");
            errors.add(error);
        }
        return body;
    }

    private ObjectNode plain(String itsCode, String itsMessage, UUID correlationId) {
        ObjectNode body = Json.object();
        body.put("message", itsMessage);
        body.put("code", itsCode);
        body.put("status", status);
        body.putObject("messageParams");
        body.put("contextId", correlationId.toString());
        return body;
    }

    private static ObjectNode detail(Problem problem) {
        return Json.object().put("errorCode", problem.code()).put("fieldName", problem.field());
    }
}
