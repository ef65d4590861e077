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

    static IntStream statuses() {
        return IntStream.range(0, 1000);
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void every_status_means_something(int status) {
        Class<? extends Outcome> expected =
                switch (status) {
                    case 400, 413 -> Outcome.Refused.class;
                    case 401 -> Outcome.Unauthorized.class;
                    case 403 -> Outcome.Forbidden.class;
                    case 408 -> Outcome.Unknown.class;
                    case 409 -> Outcome.Conflict.class;
                    case 429 -> Outcome.Throttled.class;
                    default ->
                            status >= 200 && status < 300
                                    ? Outcome.Applied.class
                                    : status >= 300 && status < 500
                                            ? Outcome.Unreachable.class
                                            : Outcome.Unknown.class;
                };
        for (String contract : List.of("web", "attributes", "attributes:messages")) {
            assertThat(patch(contract, status, "")).isInstanceOf(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void a_read_is_never_refused_and_never_in_conflict(int status) {
        Outcome outcome = verdicts("web", false).ofRead(received(status, "{}"), NOW);
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
                "<html>",
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
        var headers = Map.<String, String>of();
        Verdicts verdicts = verdicts("web", true);
        assertThat(verdicts.ofPatch(new Answer.Received(200, headers, "{", false), SENT, NOW))
                .isInstanceOf(Outcome.Unknown.class);
        assertThat(verdicts.ofPatch(new Answer.Received(404, headers, "{", false), SENT, NOW))
                .isInstanceOf(Outcome.Unreachable.class);
        assertThat(verdicts.ofRead(new Answer.Received(200, headers, "{", false), NOW))
                .isInstanceOf(Outcome.Unknown.class);
    }

    private static Outcome patch(String contract, int status, String body) {
        return verdicts(contract, false).ofPatch(received(status, body), SENT, NOW);
    }

    private static Verdicts verdicts(String contract, boolean anySuccess) {
        return new Verdicts(ApiContract.parse(contract), () -> anySuccess);
    }

    private static Answer received(int status, String body) {
        return new Answer.Received(status, Map.of(), body, true);
    }
}
