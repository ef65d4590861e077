package reconciler.patch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reconciler.change.AttributeChange;
import reconciler.outcome.Complaint;
import reconciler.outcome.Outcome;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class VerdictsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T02:00:00Z");
    private static final List<AttributeChange> SENT =
            Given.changes("priority", "high", "a.b", "x", "it's/odd~1", "y").changes();
    private static final Findings FINDINGS = new Findings(new Redaction(SENT));

    private static final Map<String, String> OF_API =
            Map.of("content-type", "application/json", "inin-correlation-id", "c-1");

    static IntStream statuses() {
        return IntStream.range(0, 1000);
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void every_status_means_something(int status) {
        for (String contract : List.of("web", "attributes", "attributes:messages")) {
            assertThat(patch(contract, status, ""))
                    .as(contract)
                    .isInstanceOf(expected(contract, status));
        }
    }

    private static Class<? extends Outcome> expected(String contract, int status) {
        return switch (status) {
            case 202 -> Outcome.Applied.class;
            case 204 -> contract.equals("web") ? Outcome.Applied.class : Outcome.Unknown.class;
            case 400, 413 -> Outcome.Refused.class;
            case 401 -> Outcome.Unauthorized.class;
            case 403 -> Outcome.Forbidden.class;
            case 408 -> Outcome.Unknown.class;
            case 409 -> Outcome.Conflict.class;
            case 429 -> Outcome.Throttled.class;
            default ->
                    status >= 300 && status < 400
                            ? Outcome.Foreign.class
                            : status >= 400 && status < 500
                                    ? Outcome.Unreachable.class
                                    : Outcome.Unknown.class;
        };
    }

    /// A firewall's, a proxy's, a maintenance page, with whatever status.
    @ParameterizedTest
    @MethodSource("statuses")
    void a_page_is_no_verdict_whatever_its_status(int status) {
        Answer page = page(status, "<html><title>Access denied</title>");
        for (Outcome outcome :
                List.of(
                        verdicts("web", false).ofPatch(page, SENT, NOW),
                        verdicts("attributes", true).ofPatch(page, SENT, NOW),
                        verdicts("web", true).ofRead(page, FINDINGS, NOW))) {
            assertThat(outcome)
                    .isInstanceOf(status == 429 ? Outcome.Throttled.class : Outcome.Foreign.class);
        }
    }

    @Test
    void what_came_is_told_in_a_bounded_line() {
        String text = "Blocked \u001b[31m by\n the <b>rule</b> " + "x".repeat(300);
        var headers =
                Map.of(
                        "content-type",
                        "Text/HTML; charset=x",
                        "server",
                        "Gate\u0007way/2.1 " + text);
        Outcome outcome =
                verdicts("web", true)
                        .ofPatch(
                                new Answer.Received(
                                        403, headers, "<TITLE lang=en>" + text + "</title>", true),
                                SENT,
                                NOW);
        assertThat(outcome.evidence().code()).isEqualTo("answer.foreign");
        assertThat(outcome.evidence().message())
                .startsWith(
                        "not an answer of the API: text/html from \"Gate way/2.1 Blocked [31m by the b rule ...\", titled \"Blocked [31m by the\"")
                .doesNotContain("\n", "\u001b", "xxx");
    }

    @Test
    void a_title_that_quotes_a_value_is_masked() {
        Outcome outcome =
                verdicts("web", true)
                        .ofPatch(
                                page(403, "<title>Not allowed: 49 170 5550123</title>"),
                                Given.changes("phone", "49 170 5550123").changes(),
                                NOW);
        assertThat(outcome.evidence().message())
                .contains("Not allowed: [value]")
                .doesNotContain("555");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "403 | application/json | {\"message\": \"Forbidden\"}",
                "404 | application/json | {}",
                "404 | text/plain | {\"code\": \"not.found\"}",
                "404 |  | default backend - 404",
                "403 | application/json | [\"code\"]",
                "503 | text/plain | no healthy upstream",
                "500 | application/xml | <code>x</code>",
                "200 | application/json | {\"blocked\": true}",
                "202 | text/plain | Accepted",
            })
    void an_answer_of_another_shape_and_without_a_correlation_id_is_not_the_apis(
            int status, String mediaType, String body) {
        Map<String, String> headers =
                mediaType == null ? Map.of() : Map.of("content-type", mediaType);
        assertThat(
                        verdicts("web", true)
                                .ofPatch(
                                        new Answer.Received(status, headers, body, true),
                                        SENT,
                                        NOW))
                .isInstanceOf(Outcome.Foreign.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 409, 413, 451, 500, 503})
    void an_error_without_a_body_and_without_a_correlation_id_is_not_the_apis(int status) {
        assertThat(
                        verdicts("web", true)
                                .ofPatch(
                                        new Answer.Received(status, Map.of(), "", true), SENT, NOW))
                .isInstanceOf(Outcome.Foreign.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"code\": \"not.found\"}",
                "{\"status\": 404}",
                "{\"contextId\": \"c\"}",
                "{\"errors\": []}",
                "{\"message\": \"m\", \"details\": [{\"a\": {\"b\": 1}}]}",
                "{\"code\": \"not.found\", \"message\": \"cut o"
            })
    void an_error_in_json_with_documented_fields_is_the_apis_without_a_correlation_id(String body) {
        var json = Map.of("content-type", "application/problem+json; charset=utf-8");
        assertThat(
                        verdicts("web", true)
                                .ofPatch(new Answer.Received(404, json, body, true), SENT, NOW))
                .isInstanceOf(Outcome.Unreachable.class);
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void a_read_is_never_refused_and_never_in_conflict(int status) {
        Outcome outcome = verdicts("web", false).ofRead(received(status, "{}"), FINDINGS, NOW);
        assertThat(outcome)
                .isNotInstanceOfAny(
                        Outcome.Applied.class,
                        Outcome.Refused.class,
                        Outcome.WrongRole.class,
                        Outcome.Conflict.class,
                        Outcome.Unsent.class);
        assertThat(outcome.evidence().code()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "missing.permissions, false, Forbidden",
        "missing.permissions, true, Forbidden",
        "missing.any.permissions, true, Forbidden",
        "not.authorized, false, Unreachable",
        "not.authorized, true, Unreachable",
        "other, false, Forbidden",
        "other, true, Unreachable"
    })
    void a_403_goes_by_its_code_and_by_what_succeeded_before(
            String code, boolean anySuccess, String expected) {
        Outcome outcome =
                verdicts("web", anySuccess)
                        .ofPatch(received(403, "{\"code\": \"" + code + "\"}"), SENT, NOW);
        assertThat(outcome.getClass().getSimpleName()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'errors': [{'field': 'priority', 'code': 'c', 'message': 'm'}]}",
                "{'errors': [{'fieldName': 'participantAttributes.priority', 'code': 'c', 'message': 'm'}]}",
                "{'errors': [{'field': 'participantAttributes[priority]', 'code': 'c', 'message': 'm'}]}",
                "{'errors': [{'path': '/participantAttributes/priority', 'code': 'c', 'message': 'm'}]}",
                "{'errors': [{'path': '$.participantAttributes.priority', 'code': 'c', 'message': 'm'}]}",
                "{'errors': [{'pointer': '#/participantAttributes/priority', 'code': 'c', 'message': 'm'}]}",
                "{'errors': [{'details': [{'fieldName': 'priority'}], 'code': 'c', 'message': 'm'}]}",
                "{'errors': [{'messageParams': {'x': 'priority'}, 'code': 'c', 'message': 'm'}]}",
                "{'errors': {'priority': {'code': 'c', 'message': 'm'}}}",
                "{'errors': [7, null, [], {'field': 'priority', 'code': 'c', 'message': 'm'}]}",
                "{'code': 'c', 'message': 'm', 'messageParams': {'name': 'priority'}}",
            })
    void an_attribute_is_named_in_many_ways(String body) {
        Outcome outcome = patch("web", 400, body.replace('\'', '"'));
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        assertThat(((Outcome.Refused) outcome).complaints())
                .containsExactly(new Complaint("priority", "c", "m"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'message': 'Value of `priority` is too long'}",
                "{'errors': ['`priority` is too long']}",
                "{'errors': [{'field': 'body', 'message': 'Unrecognised field [priority]'}]}"
            })
    void a_message_that_quotes_a_name_is_the_last_resort(String body) {
        Outcome outcome = patch("web", 400, body.replace('\'', '"'));
        assertThat(((Outcome.Refused) outcome).complaints())
                .extracting(Complaint::attribute)
                .containsExactly("priority");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "7",
                "[]",
                "{}",
                "{\"errors\": []}",
                "{\"errors\": 3}",
                "{\"errors\": [{\"field\": \"participantAttributes\"}]}",
                "{\"errors\": [{\"field\": \"Priority\", \"message\": \"priority\"}]}",
                "{\"errors\": [{\"field\": \"other.priority.x\"}]}",
                "{\"errors\": [{\"fie"
            })
    void a_refusal_may_name_nothing(String body) {
        assertThat(patch("web", 400, body))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.complaints()).isEmpty());
    }

    @Test
    void names_with_dots_quotes_and_slashes_are_found() {
        String body =
                """
                {"errors": [{"field": "participantAttributes.a.b"},
                            {"field": "/participantAttributes/it's~1odd~01"},
                            {"field": "participantAttributes.b"}]}\
                """;
        assertThat(((Outcome.Refused) patch("web", 400, body)).complaints())
                .extracting(Complaint::attribute)
                .containsExactly("a.b", "it's/odd~1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'errors': [{'field': 'type'}]}",
                "{'errors': [{'fieldName': '/type'}]}",
                "{'errors': [{'path': '$.type'}]}",
                "{'details': [{'errorCode': 'x', 'fieldName': 'type'}]}",
                "{'errors': [{'field': 'priority'}, {'field': 'type'}]}",
                "{'errors': ['`type` does not match']}",
                "{'message': 'the `type` does not match'}"
            })
    void a_refusal_of_the_type_is_about_the_role(String body) {
        String json = body.replace('\'', '"');
        assertThat(patch("web", 400, json)).isInstanceOf(Outcome.WrongRole.class);
        assertThat(patch("attributes", 400, json)).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void a_word_about_types_is_not_about_the_role() {
        String body = "{\"message\": \"Value [x] is not valid for field type [string]\"}";
        assertThat(patch("web", 400, body)).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void an_answer_that_broke_off_is_known_by_its_status_unless_it_is_a_success() {
        var headers = OF_API;
        Verdicts verdicts = verdicts("web", true);
        assertThat(verdicts.ofPatch(new Answer.Received(200, headers, "{", false), SENT, NOW))
                .isInstanceOf(Outcome.Unknown.class);
        assertThat(verdicts.ofPatch(new Answer.Received(404, headers, "{", false), SENT, NOW))
                .isInstanceOf(Outcome.Unreachable.class);
        assertThat(verdicts.ofRead(new Answer.Received(200, headers, "{", false), FINDINGS, NOW))
                .isInstanceOf(Outcome.Unknown.class);
    }

    private static Outcome patch(String contract, int status, String body) {
        return verdicts(contract, false).ofPatch(received(status, body), SENT, NOW);
    }

    private static Verdicts verdicts(String contract, boolean anySuccess) {
        return new Verdicts(ApiContract.parse(contract), () -> anySuccess);
    }

    private static Answer received(int status, String body) {
        return new Answer.Received(status, OF_API, body, true);
    }

    private static Answer page(int status, String html) {
        return new Answer.Received(status, Map.of("content-type", "text/html"), html, true);
    }
}
