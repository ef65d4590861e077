package reconciler.simulator;

import tools.jackson.databind.node.ObjectNode;

/// The lines in which administration tells what it knows.
final class Rows {

    private Rows() {}

    static ObjectNode of(AppliedWrite write) {
        ObjectNode row =
                Json.object()
                        .put("sequence", write.sequence())
                        .put("at", write.at().toString())
                        .put("conversationId", write.conversationId())
                        .put("participantId", write.participantId());
        row.set("attributes", Json.object(write.attributes()));
        return row.put("token", write.token())
                .put("correlationId", write.correlationId().toString());
    }

    static ObjectNode of(SeenRequest row) {
        return Json.object()
                .put("sequence", row.sequence())
                .put("at", row.at().toString())
                .put("method", row.method())
                .put("path", row.path())
                .put("status", row.status())
                .put("dropped", row.dropped())
                .put("applied", row.applied())
                .put("correlationId", row.correlationId().toString());
    }

    static ObjectNode of(Party party) {
        return Json.object()
                .put("conversationId", party.conversationId())
                .put("participantId", party.participantId())
                .put("purpose", party.purpose());
    }

    static ObjectNode of(Totals totals) {
        ObjectNode row =
                Json.object()
                        .put("requests", totals.requests())
                        .put("applied", totals.applied())
                        .put("dropped", totals.dropped())
                        .put("mostInFlight", totals.mostInFlight());
        ObjectNode byStatus = row.putObject("byStatus");
        totals.byStatus().forEach((status, count) -> byStatus.put(status.toString(), count));
        return row;
    }
}
