package reconciler.simulator;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Seeds, inspects and disturbs a running simulator over HTTP; see [Simulator] for the paths.
record Administration(Conversations conversations, Ledger ledger, Faults faults)
        implements HttpService {

    @Override
    public void routing(HttpRules rules) {
        rules.get("/ledger", (_, out) -> lines(out, ledger.applied().map(Rows::of)))
                .get("/requests", (_, out) -> lines(out, ledger.seen().map(Rows::of)))
                .get("/stats", (_, out) -> out.send(Rows.of(ledger.totals()).toString()))
                .get(
                        "/faults",
                        (_, out) -> lines(out, faults.rules().stream().map(FaultRule::text)))
                .post("/faults", (in, out) -> change(in, out, faults::add))
                .delete("/faults", this::clearFaults)
                .get("/participants", (_, out) -> lines(out, conversations.parties().map(Rows::of)))
                .post("/participants", (in, out) -> change(in, out, this::addParticipant))
                .post("/ended", (in, out) -> change(in, out, conversations::end));
    }

    /// Lines before a wrong one have taken effect; the answer says which one was wrong.
    private static void change(ServerRequest in, ServerResponse out, Consumer<String> each) {
        int count = 0;
        for (String line : linesOf(in)) {
            count++;
            try {
                if (!line.isEmpty()) {
                    each.accept(line);
                }
            } catch (IllegalArgumentException wrong) {
                out.status(400).send("line " + count + ": " + wrong.getMessage() + "\n");
                return;
            }
        }
        out.status(204).send();
    }

    private static List<String> linesOf(ServerRequest in) {
        return in.content().hasEntity()
                ? in.content().as(String.class).lines().map(String::strip).toList()
                : List.of();
    }

    private void clearFaults(ServerRequest in, ServerResponse out) {
        faults.clear();
        out.status(204).send();
    }

    private void addParticipant(String line) {
        JsonNode row = Json.read(line);
        Map<String, String> attributes = new TreeMap<>();
        row.path("attributes")
                .forEachEntry((name, value) -> attributes.put(name, value.asString("")));
        conversations.add(
                text(row, "conversationId"),
                text(row, "participantId"),
                text(row, "purpose"),
                attributes);
    }

    private static String text(JsonNode row, String field) {
        if (!row.path(field).isString()) {
            throw new IllegalArgumentException(field + " is missing");
        }
        return row.path(field).asString();
    }

    private static void lines(ServerResponse out, Stream<?> rows) throws IOException {
        try (OutputStream stream = out.outputStream()) {
            for (var row = rows.iterator(); row.hasNext(); ) {
                stream.write((row.next() + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
