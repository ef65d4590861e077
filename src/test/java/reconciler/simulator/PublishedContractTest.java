package reconciler.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.simulator.Caller.CONVERSATION;
import static reconciler.simulator.Caller.CUSTOMER;
import static reconciler.simulator.Caller.PUBLISHED;
import static reconciler.simulator.Caller.READ;
import static reconciler.simulator.Caller.WEB;
import static reconciler.simulator.Caller.json;
import static reconciler.simulator.Caller.published;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PublishedContractTest {

    private final Simulator simulator = Caller.start(Caller.settings());
    private final Caller caller = new Caller(simulator);

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void a_change_for_any_medium_is_a_202_without_a_body() throws Exception {
        HttpResponse<String> answer = caller.patch(PUBLISHED, published("a", "b"));

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValue("Content-Type")).isEmpty();
        assertThat(simulator.conversations().value(CONVERSATION, CUSTOMER, "a")).contains("b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"calls", "callbacks", "emails", "messages"})
    void a_change_for_one_medium_is_a_202_with_the_attributes(String medium) throws Exception {
        HttpResponse<String> answer =
                caller.patch(
                        PUBLISHED.replace("conversations/", "conversations/" + medium + "/"),
                        published("a", "b"));

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.body()).isEqualTo("{\"attributes\":{\"a\":\"b\"}}");
        assertThat(simulator.conversations().value(CONVERSATION, CUSTOMER, "a")).contains("b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "participantAttributes | {\"type\":\"contact\",\"participantAttributes\":{}}",
                "attributes            | {}",
                "attributes            | {\"attributes\":\"a\"}",
                "a                     | {\"attributes\":{\"a\":null}}",
                "a                     | {\"attributes\":{\"a\":[1]}}",
            })
    void a_wrong_body_is_a_400_that_names_the_field(String field, String body) throws Exception {
        HttpResponse<String> answer = caller.patch(PUBLISHED, body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("errors").valueStream())
                .extracting(error -> error.path("field").asString())
                .contains(field);
        assertThat(simulator.ledger().writes()).isEmpty();
    }

    @Test
    void a_body_that_is_not_json_is_a_400() throws Exception {
        HttpResponse<String> answer = caller.patch(PUBLISHED, "attributes");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("code").asString()).isEqualTo("bad.request");
    }

    @Test
    void another_media_type_is_a_415() throws Exception {
        HttpResponse<String> answer =
                caller.patchOfType("text/plain", PUBLISHED, published("a", "b"));

        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(json(answer).path("code").asString()).isEqualTo("unsupported.media.type");
    }

    @Test
    void a_request_of_more_than_512000_bytes_is_a_413() throws Exception {
        String most = "{\"attributes\":{}}" + " ".repeat(512_000 - 17);

        assertThat(caller.patch(PUBLISHED, most).statusCode()).isEqualTo(202);
        HttpResponse<String> answer = caller.patch(PUBLISHED, most + " ");

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(json(answer).path("code").asString()).isEqualTo("request.entity.too.large");
        assertThat(json(answer).path("message").asString()).isEqualTo("Maximum bytes: 512000");
        assertThat(caller.patch(PUBLISHED, most.repeat(8)).statusCode()).isEqualTo(413);
    }

    @Test
    void a_body_in_chunks_is_read_like_any_other() throws Exception {
        byte[] body = published("a", "b").getBytes(StandardCharsets.UTF_8);
        HttpResponse<String> answer =
                caller.send(
                        caller.request(PUBLISHED)
                                .method(
                                        "PATCH",
                                        HttpRequest.BodyPublishers.ofInputStream(
                                                () -> new ByteArrayInputStream(body))));

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(simulator.conversations().value(CONVERSATION, CUSTOMER, "a")).contains("b");
    }

    @ParameterizedTest
    @CsvSource({
        "'', authentication.required",
        "Basic good, authentication.required",
        "Bearer bad, bad.credentials"
    })
    void without_a_good_token_it_is_a_401(String authorization, String code) throws Exception {
        HttpResponse<String> answer =
                caller.send(
                        HttpRequest.newBuilder(caller.uri(PUBLISHED))
                                .header("Authorization", authorization)
                                .header("Content-Type", "application/json")
                                .method("PATCH", HttpRequest.BodyPublishers.ofString("{}")));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(json(answer).path("code").asString()).isEqualTo(code);
    }

    @Test
    void an_error_has_the_published_shape_and_its_context_is_the_correlation_id() throws Exception {
        HttpResponse<String> answer = caller.get("/api/v2/conversations/none");
        JsonNode body = json(answer);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(body.propertyNames())
                .containsExactlyInAnyOrder(
                        "message",
                        "code",
                        "status",
                        "messageParams",
                        "contextId",
                        "details",
                        "errors");
        assertThat(body.path("status").asInt()).isEqualTo(404);
        assertThat(answer.headers().allValues("ININ-Correlation-Id"))
                .containsExactly(body.path("contextId").asString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/api/v2/conversations/c/participants/p",
                "/api/v2/conversations/chats/c/participants/p/attributes",
                "/api/v2/conversations/web/c/participants/p/attributes",
                "/api/v2/conversations/c/participants/p/attributes/",
            })
    void a_place_that_does_not_exist_is_a_404(String path) throws Exception {
        HttpResponse<String> answer = caller.patch(path, published("a", "b"));

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("ININ-Correlation-Id")).isPresent();
        assertThat(simulator.ledger().requests().getLast().path()).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {PUBLISHED, WEB})
    void a_method_that_does_not_exist_is_a_405(String path) throws Exception {
        assertThat(caller.get(path).statusCode()).isEqualTo(405);
    }

    @Test
    void a_read_shows_who_takes_part_and_with_which_attributes() throws Exception {
        caller.patch(PUBLISHED, published("a", "b"));

        JsonNode body = json(caller.get(READ));

        assertThat(body.path("id").asString()).isEqualTo(CONVERSATION);
        assertThat(body.has("endTime")).isFalse();
        assertThat(body.path("participants").valueStream())
                .extracting(one -> one.path("purpose").asString())
                .containsExactly("customer", "agent");
        assertThat(body.path("participants").path(0).path("id").asString()).isEqualTo(CUSTOMER);
        assertThat(body.path("participants").path(0).path("attributes").toString())
                .isEqualTo("{\"a\":\"b\"}");
    }

    @Test
    void a_token_that_may_only_read_reads() throws Exception {
        HttpResponse<String> answer =
                caller.send(caller.request(READ).setHeader("Authorization", "Bearer reader").GET());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(caller.patchAs("reader", PUBLISHED, "{}").statusCode()).isEqualTo(403);
    }
}
