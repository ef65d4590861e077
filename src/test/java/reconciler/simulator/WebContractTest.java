package reconciler.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.simulator.Caller.AGENT;
import static reconciler.simulator.Caller.CONVERSATION;
import static reconciler.simulator.Caller.CUSTOMER;
import static reconciler.simulator.Caller.WEB;
import static reconciler.simulator.Caller.WEB_AGENT;
import static reconciler.simulator.Caller.json;
import static reconciler.simulator.Caller.web;

import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class WebContractTest {

    private final Simulator simulator =
            Caller.start(Caller.settings().refusedNames(Set.of("forbidden")).valueLength(10));
    private final Caller caller = new Caller(simulator);

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void a_change_with_the_right_type_is_applied_and_answered_with_it() throws Exception {
        HttpResponse<String> answer = caller.patch(WEB, web("contact", "priority", "high"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).path("id").asString()).isEqualTo(CUSTOMER);
        assertThat(json(answer).path("participantAttributes").path("priority").asString())
                .isEqualTo("high");
        assertThat(simulator.conversations().value(CONVERSATION, CUSTOMER, "priority"))
                .contains("high");
    }

    @Test
    void what_is_not_named_stays() throws Exception {
        caller.patch(WEB, web("contact", "first", "1"));
        caller.patch(WEB, web("contact", "second", "2"));
        caller.patch(WEB, web("contact", "first", "3"));

        assertThat(simulator.conversations().attributes(CONVERSATION, CUSTOMER))
                .isEqualTo(Map.of("first", "3", "second", "2"));
    }

    @ParameterizedTest
    @CsvSource({
        "customer, contact, 200",
        "external, contact, 200",
        "user, contact, 200",
        "contact, contact, 200",
        "agent, agent, 200",
        "customer, agent, 400",
        "external, agent, 400",
        "user, agent, 400",
        "agent, contact, 400",
        "acd, contact, 400",
        "acd, agent, 400"
    })
    void the_type_must_be_the_role_of_the_participant(String purpose, String type, int status)
            throws Exception {
        simulator.conversations().add(CONVERSATION, AGENT, purpose);

        HttpResponse<String> answer = caller.patch(WEB_AGENT, web(type, "a", "b"));

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(simulator.ledger().writes()).hasSize(status == 200 ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type       | {\"participantAttributes\":{\"a\":\"b\"}}",
                "type       | {\"type\":\"agent\",\"participantAttributes\":{\"a\":\"b\"}}",
                "type       | {\"type\":\"robot\",\"participantAttributes\":{\"a\":\"b\"}}",
                "type       | {\"type\":1,\"participantAttributes\":{\"a\":\"b\"}}",
                "attributes | {\"attributes\":{\"routing_priority\":\"high\"}}",
                "data       | {\"data\":{\"attributes\":{\"routing_priority\":\"high\"}}}",
                "strange    | {\"type\":\"contact\",\"strange\":1,\"participantAttributes\":{}}",
                "participantAttributes | {\"type\":\"contact\"}",
                "participantAttributes | {\"type\":\"contact\",\"participantAttributes\":[]}",
                "a          | {\"type\":\"contact\",\"participantAttributes\":{\"a\":null}}",
                "a          | {\"type\":\"contact\",\"participantAttributes\":{\"a\":{}}}",
                "body       | [1]",
                "body       | {\"type\":",
                "body       | {\"type\":\"contact\",\"type\":\"contact\"}",
            })
    void a_wrong_body_is_a_400_that_names_the_field(String field, String body) throws Exception {
        HttpResponse<String> answer = caller.patch(WEB, body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("code").asString()).isEqualTo("invalid_request_body");
        assertThat(json(answer).path("errors").valueStream())
                .extracting(error -> error.path("field").asString())
                .contains(field);
        assertThat(json(answer).path("details").valueStream())
                .extracting(detail -> detail.path("fieldName").asString())
                .contains(field);
        assertThat(simulator.ledger().writes()).isEmpty();
    }

    @Test
    void a_json_patch_is_a_400_and_not_a_415() throws Exception {
        HttpResponse<String> answer =
                caller.patchOfType(
                        "application/json-patch+json",
                        WEB,
                        "{\"data\":" + web("contact", "a", "b") + "}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("code").asString()).isEqualTo("invalid_request_body");
    }

    @Test
    void a_charset_beside_the_media_type_is_fine() throws Exception {
        HttpResponse<String> answer =
                caller.patchOfType(
                        "application/json; charset=utf-8", WEB, web("contact", "a", "ü"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(simulator.conversations().value(CONVERSATION, CUSTOMER, "a")).contains("ü");
    }

    @Test
    void every_bad_attribute_is_named_and_none_is_applied() throws Exception {
        HttpResponse<String> answer =
                caller.patch(
                        WEB,
                        """
                        {"type": "contact", "participantAttributes":
                            {"forbidden": "x", "long": "12345678901", "fine": "1234567890"}}
                        """);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("errors").valueStream())
                .extracting(error -> error.path("field").asString())
                .containsExactly("forbidden", "long");
        assertThat(simulator.conversations().attributes(CONVERSATION, CUSTOMER)).isEmpty();
    }

    @Test
    void a_full_object_is_taken_while_it_is_fresh_and_a_409_once_it_is_stale() throws Exception {
        String full =
                """
                {"id": "%s", "purpose": "customer", "state": "connected", "wrapUpCode": "",
                 "type": "contact", "participantAttributes": {"a": "b"}}
                """
                        .formatted(CUSTOMER);
        assertThat(caller.patch(WEB, full).statusCode()).isEqualTo(200);

        simulator.conversations().move(CONVERSATION, CUSTOMER, "connected", "resolved");
        HttpResponse<String> wrapUpDiffers = caller.patch(WEB, full);
        simulator.conversations().move(CONVERSATION, CUSTOMER, "disconnected", "");
        HttpResponse<String> stateDiffers = caller.patch(WEB, full);

        assertThat(wrapUpDiffers.statusCode()).isEqualTo(409);
        assertThat(stateDiffers.statusCode()).isEqualTo(409);
        assertThat(json(stateDiffers).path("code").asString()).isEqualTo("general.conflict");
    }

    @Test
    void a_token_that_may_only_read_is_a_403_whatever_the_body() throws Exception {
        HttpResponse<String> answer = caller.patchAs("reader", WEB, "{}");

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(json(answer).path("code").asString()).isEqualTo("missing.permissions");
        assertThat(json(answer).path("message").asString()).contains("conversation:write");
    }

    @Test
    void an_unknown_participant_is_a_404() throws Exception {
        HttpResponse<String> answer =
                caller.patch(WEB.replace(CUSTOMER, "nobody"), web("contact", "a", "b"));

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(json(answer).path("code").asString()).isEqualTo("not.found");
    }
}
