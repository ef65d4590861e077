package reconciler.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.change.ChangeState.REJECTED;
import static reconciler.outcome.ConfirmedBy.ACCEPTED;
import static reconciler.patch.Given.change;
import static reconciler.patch.Given.changes;
import static reconciler.patch.Stage.answer;
import static reconciler.patch.Stage.refusalOf;
import static reconciler.patch.TurnAssert.assertThatChange;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reconciler.change.ApiLimits;
import reconciler.outcome.Turn;
import tools.jackson.databind.json.JsonMapper;

/// 400 and 413 cost only the attributes at fault; other refusals cost the participant.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RefusalTest {
    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void the_attribute_that_is_named_is_rejected_and_the_rest_is_sent_without_it() {
        stage.answersPatch(refusalOf("participantAttributes.queue"));

        Turn turn = stage.patch(changes("priority", "high", "queue", "vip", "lang", "en"));

        assertThatChange(1, turn).isApplied(ACCEPTED).afterAttempts(2);
        assertThatChange(2, turn)
                .is(REJECTED)
                .afterAttempts(1)
                .withStatus(400)
                .withCode("invalid.value")
                .withMessage("not like this");
        assertThatChange(3, turn).isApplied(ACCEPTED).afterAttempts(2);
        assertThat(stage.bodies().getLast())
                .isEqualTo(
                        "{\"type\":\"contact\",\"participantAttributes\":"
                                + "{\"priority\":\"high\",\"lang\":\"en\"}}");
    }

    @Test
    void a_group_refused_without_a_name_is_bisected_in_order() {
        stage.answersPatch(
                answer(400, "{\"errors\": []}"),
                answer(202),
                answer(400),
                answer(202),
                answer(400, "{\"code\": \"bad.request\", \"message\": \"no\"}"));

        Turn turn = stage.patch(changes("a", "1", "b", "2", "c", "3", "d", "4"));

        assertThat(stage.bodies().stream().map(RefusalTest::names))
                .containsExactly("abcd", "ab", "cd", "c", "d");
        assertThatChange(3, turn).afterAttempts(3);
        assertThatChange(4, turn).is(REJECTED).afterAttempts(3).withCode("bad.request");
    }

    @Test
    void a_request_that_the_api_finds_too_large_is_bisected() {
        stage.answersPatch(answer(413, "{\"code\": \"request.entity.too.large\"}"));

        Turn turn = stage.patch(changes("a", "1", "b", "2"));

        assertThat(stage.bodies().stream().map(RefusalTest::names)).containsExactly("ab", "a", "b");
        assertThatChange(2, turn).isApplied(ACCEPTED);
    }

    @ParameterizedTest
    @ValueSource(ints = {402, 404, 405, 406, 410, 415, 422, 451, 499})
    void any_other_refusal_rejects_the_participant_at_once(int status) {
        stage.answersPatch(answer(status));

        Turn turn = stage.patch(changes("a", "1", "b", "2"));

        assertThatChange(1, turn).is(REJECTED).withStatus(status).afterAttempts(1).isNotInDoubt();
        assertThatChange(2, turn)
                .is(REJECTED)
                .withCode(status == 404 ? "not.found" : "http." + status);
        assertThat(stage.methods()).isEqualTo("PATCH");
    }

    @Test
    void an_attribute_above_the_limit_is_rejected_without_a_request() {
        Turn turn = stage.patch(changes("essay", "x".repeat(512_000), "queue", "vip"));

        assertThatChange(1, turn)
                .is(REJECTED)
                .afterAttempts(0)
                .withStatus(null)
                .withCode("request.entity.too.large");
        assertThatChange(2, turn).isApplied(ACCEPTED);
        assertThat(stage.bodies().stream().map(RefusalTest::names)).containsExactly("queue");
    }

    @Test
    void a_body_may_be_exactly_as_large_as_the_limit() {
        int envelope = "{\"type\":\"contact\",\"participantAttributes\":{\"essay\":\"\"}}".length();

        Turn turn = stage.patch(changes("essay", "x".repeat(ApiLimits.REQUEST_BYTES - envelope)));

        assertThatChange(1, turn).isApplied(ACCEPTED);
        assertThat(stage.requests().getFirst().getBodySize()).isEqualTo(512_000);
    }

    @Test
    void a_group_above_the_limit_travels_in_several_patches_in_order() {
        String large = "ü".repeat(100_000);

        Turn turn = stage.patch(changes("a", large, "b", large, "c", large, "d", "small"));

        assertThat(stage.bodies().stream().map(RefusalTest::names)).containsExactly("ab", "cd");
        assertThat(stage.requests()).allMatch(request -> request.getBodySize() <= 512_000);
        assertThatChange(3, turn).isApplied(ACCEPTED).afterAttempts(1);
    }

    @Test
    void a_value_that_is_broken_unicode_is_rejected_without_a_request() {
        Turn turn = stage.patch(changes(change(1, "a", "half of a pair: \ud83d")));

        assertThatChange(1, turn).is(REJECTED).afterAttempts(0).withCode("value.not.unicode");
        assertThat(stage.requests()).isEmpty();
    }

    @Test
    void a_huge_error_page_does_no_harm() {
        stage.answersPatch(answer(400, "{\"message\": \"" + "y".repeat(3_000_000)));

        Turn turn = stage.patch(changes("a", "1"));

        assertThatChange(1, turn).is(REJECTED).withStatus(400).withCode("http.400");
        assertThat(turn.attempts().getFirst().answer())
                .startsWith("{\"message\": \"yyy")
                .hasSize(4096);
    }

    private static String names(String body) {
        return String.join(
                "",
                JsonMapper.shared().readTree(body).path("participantAttributes").propertyNames());
    }
}
