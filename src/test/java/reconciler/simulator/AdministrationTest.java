package reconciler.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.simulator.Caller.CONVERSATION;
import static reconciler.simulator.Caller.CUSTOMER;
import static reconciler.simulator.Caller.PUBLISHED;
import static reconciler.simulator.Caller.READ;
import static reconciler.simulator.Caller.json;
import static reconciler.simulator.Caller.published;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AdministrationTest {

    private final Simulator simulator = Caller.start(Caller.settings());
    private final Caller caller = new Caller(simulator);

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void the_ledger_and_the_requests_are_json_lines() throws Exception {
        caller.patch(PUBLISHED, published("a", "b"));
        caller.get(READ);

        List<JsonNode> writes = lines("/_simulator/ledger");
        List<JsonNode> requests = lines("/_simulator/requests");

        assertThat(writes).hasSize(1);
        assertThat(writes.getFirst().path("participantId").asString()).isEqualTo(CUSTOMER);
        assertThat(writes.getFirst().path("attributes").toString()).isEqualTo("{\"a\":\"b\"}");
        assertThat(requests)
                .extracting(row -> row.path("path").asString())
                .containsExactly(PUBLISHED, READ);
        assertThat(requests)
                .extracting(row -> row.path("status").asInt())
                .containsExactly(202, 200);
        assertThat(requests.getFirst().path("correlationId"))
                .isEqualTo(writes.getFirst().path("correlationId"));
    }

    @Test
    void the_stats_count() throws Exception {
        caller.patch(PUBLISHED, published("a", "b"));
        caller.get(READ.replace(CONVERSATION, "none"));

        assertThat(caller.get("/_simulator/stats").body())
                .isEqualTo(
                        "{\"requests\":2,\"applied\":1,\"dropped\":0,\"mostInFlight\":1,"
                                + "\"byStatus\":{\"202\":1,\"404\":1}}");
    }

    @Test
    void faults_come_and_go() throws Exception {
        assertThat(post("/_simulator/faults", "409 times=1\n\n503 retry-after=0\n").statusCode())
                .isEqualTo(204);
        assertThat(caller.get("/_simulator/faults").body())
                .isEqualTo("409 times=1\n503 retry-after=0\n");
        assertThat(caller.patch(PUBLISHED, published("a", "b")).statusCode()).isEqualTo(409);
        assertThat(caller.patch(PUBLISHED, published("a", "b")).statusCode()).isEqualTo(503);

        caller.send(HttpRequest.newBuilder(caller.uri("/_simulator/faults")).DELETE());

        assertThat(caller.patch(PUBLISHED, published("a", "b")).statusCode()).isEqualTo(202);
    }

    @Test
    void a_wrong_rule_is_refused_with_its_line() throws Exception {
        HttpResponse<String> answer = post("/_simulator/faults", "409\nnonsense\n");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).startsWith("line 2: fault rule 'nonsense'");
    }

    @Test
    void participants_can_be_added_and_listed() throws Exception {
        String row =
                "{\"conversationId\":\"c\",\"participantId\":\"p\",\"purpose\":\"agent\","
                        + "\"attributes\":{\"a\":\"b\"}}";

        assertThat(post("/_simulator/participants", row).statusCode()).isEqualTo(204);

        assertThat(simulator.conversations().value("c", "p", "a")).contains("b");
        assertThat(caller.get("/_simulator/participants").body().lines())
                .hasSize(3)
                .contains(
                        "{\"conversationId\":\"c\",\"participantId\":\"p\",\"purpose\":\"agent\"}");
        assertThat(post("/_simulator/participants", "").statusCode()).isEqualTo(204);
        assertThat(post("/_simulator/participants", "{\"conversationId\":\"c\"}").body())
                .isEqualTo("line 1: participantId is missing\n");
    }

    @Test
    void a_conversation_can_be_ended() throws Exception {
        assertThat(post("/_simulator/ended", CONVERSATION).statusCode()).isEqualTo(204);

        assertThat(json(caller.get(READ)).has("endTime")).isTrue();
        assertThat(post("/_simulator/ended", "none").body())
                .isEqualTo("line 1: no conversation none\n");
    }

    @Test
    void administration_is_not_in_the_ledger() throws Exception {
        caller.get("/_simulator/stats");

        assertThat(simulator.ledger().requests()).isEmpty();
    }

    private List<JsonNode> lines(String path) throws Exception {
        return caller.get(path).body().lines().map(Json::read).toList();
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return caller.send(
                HttpRequest.newBuilder(caller.uri(path))
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }
}
