package reconciler.cli;

import java.io.PrintStream;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import reconciler.queue.QueueView.ChangeRow;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A story as one JSON document on one line. Times are UTC; no value is in it.
record StoryJson(PrintStream out) {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int SCHEMA_VERSION = 1;

    /// @param next what to do about it, in words
    void ofChange(ChangeRow row, List<Chapter> chapters, String next) {
        ObjectNode document =
                begin().put("change", row.id())
                        .put("change_set", row.changeSetId())
                        .put("conversation", row.participant().conversationId().toString())
                        .put("participant", row.participant().participantId().toString())
                        .put("role", row.role().name())
                        .put("attribute", row.attribute())
                        .put("state", row.state().name());
        tell(chapters, document.putArray("chapters"));
        out.println(JSON.writeValueAsString(document.put("next", next)));
    }

    void ofParticipant(UUID participant, List<Long> changes, Collection<Chapter> chapters) {
        ObjectNode document = begin().put("participant", participant.toString());
        changes.forEach(document.putArray("changes")::add);
        tell(chapters, document.putArray("chapters"));
        out.println(JSON.writeValueAsString(document));
    }

    private static ObjectNode begin() {
        return JSON.createObjectNode().put("schemaVersion", SCHEMA_VERSION);
    }

    private static void tell(Collection<Chapter> chapters, ArrayNode array) {
        chapters.forEach(chapter ->
                array.addObject().put("at", chapter.when().toString()).put("what", chapter.what()));
    }
}
