package reconciler.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.change.ChangeState.FAILED;
import static reconciler.outcome.ConfirmedBy.ANSWER;
import static reconciler.outcome.ConfirmedBy.READ_BACK;
import static reconciler.patch.Given.PARTICIPANT;
import static reconciler.patch.Given.atomic;
import static reconciler.patch.Given.changes;
import static reconciler.patch.Stage.answer;
import static reconciler.patch.TurnAssert.assertThatChange;
import static reconciler.patch.TurnAssert.purposes;

import java.util.Locale;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reconciler.outcome.Turn;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// The answer's own body is compared with what was sent, and what stands is named, not shown.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AlteredValueTest {
    private static final String SENT = " Müller ".repeat(37) + "ABCD";

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    static Stream<Arguments> alterations() {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return Stream.of(
                Arguments.of(
                        json.stringNode(SENT.substring(0, 256)),
                        "kept the first 256 of 300 characters"),
                Arguments.of(
                        json.stringNode(SENT.strip()), "removed the white space around the value"),
                Arguments.of(
                        json.stringNode(SENT.toUpperCase(Locale.ROOT)),
                        "changed upper and lower case"),
                Arguments.of(
                        json.stringNode(SENT.replace("ü", "u\u0308")),
                        "changed the Unicode form of the value"),
                Arguments.of(json.stringNode(""), "keeps an empty text instead of 300 characters"),
                Arguments.of(
                        json.stringNode("somebody else"),
                        "shows another value, of 13 characters instead of 300"),
                Arguments.of(json.numberNode(7), "keeps a number instead of a text"),
                Arguments.of(json.booleanNode(true), "keeps a boolean instead of a text"),
                Arguments.of(json.arrayNode(), "keeps a list instead of a text"),
                Arguments.of(json.objectNode(), "keeps an object instead of a text"));
    }

    @ParameterizedTest
    @MethodSource("alterations")
    void a_value_that_the_api_altered_is_read_back_and_failed_and_is_named(
            JsonNode kept, String words) {
        stage.answersPatch(echo("note", kept, "queue", "vip"));
        stage.answersRead(conversation(kept));

        Turn turn = stage.patch(changes("note", SENT, "queue", "vip"));

        assertThatChange(1, turn)
                .is(FAILED)
                .withCode("value.altered")
                .withStatus(200)
                .withMessage("the API said yes, but it " + words)
                .isNotInDoubt()
                .afterAttempts(1);
        assertThatChange(2, turn).isApplied(ANSWER).afterAttempts(1);
        assertThat(purposes(turn)).isEqualTo("PATCH READ_BACK");
        assertThat(turn.settlements().getFirst().standing())
                .isEqualTo(kept.isValueNode() ? kept.asString() : "");
        assertThat(turn.settlements().getLast().standing()).isNull();
        assertThat(turn.settlements().getFirst().evidence().toString())
                .doesNotContain("ller", "ABCD", "somebody");
    }

    @Test
    void an_answer_that_shows_the_old_state_is_settled_by_the_read() {
        stage.answersPatch(echo("note", JsonNodeFactory.instance.stringNode("old")));
        stage.has(PARTICIPANT, "customer", "note", SENT);
        Turn turn = stage.patch(changes("note", SENT));
        assertThatChange(1, turn).isApplied(READ_BACK).afterAttempts(1);
        assertThat(purposes(turn)).isEqualTo("PATCH READ_BACK");
    }

    @Test
    void an_answer_without_the_attribute_is_settled_by_the_read() {
        stage.answersPatch(answer(200, "{\"participantAttributes\": {}}"));
        stage.has(PARTICIPANT, "customer", "note", SENT);
        assertThatChange(1, stage.patch(changes("note", SENT))).isApplied(READ_BACK);
    }

    @Test
    void an_attribute_that_is_in_neither_is_sent_again_and_then_failed() {
        MockResponse none = answer(200, "{\"participantAttributes\": {}}");
        stage.answersPatch(none, none, none);
        assertThatChange(1, stage.patch(changes("note", SENT)))
                .is(FAILED)
                .withCode("not.visible")
                .withMessage("the API shows no value")
                .afterAttempts(3);
    }

    @Test
    void what_goes_with_an_altered_value_is_not_called_applied() {
        JsonNode cut = JsonNodeFactory.instance.stringNode(SENT.substring(0, 256));
        stage.answersPatch(echo("note", cut, "queue", "vip"))
                .answersRead(conversation(cut, "queue", "vip"));

        Turn turn = stage.patch(atomic(changes("note", SENT, "queue", "vip")));

        assertThatChange(1, turn).is(FAILED).withCode("value.altered");
        assertThatChange(2, turn).is(FAILED).withCode("atomic.refused");
    }

    @Test
    void where_no_read_can_tell_the_answers_word_is_kept_in_doubt() {
        stage.answersPatch(echo("note", JsonNodeFactory.instance.booleanNode(true)));
        stage.answersRead(answer(403, "{\"code\": \"not.authorized\"}"));
        assertThatChange(1, stage.patch(changes("note", SENT)))
                .is(FAILED)
                .isInDoubt()
                .withMessage("keeps a boolean instead of a text; that is what its answer shows");
    }

    @Test
    void a_stop_before_the_read_leaves_the_row_pending_in_doubt() {
        stage.answersPatch(echo("note", JsonNodeFactory.instance.booleanNode(true)));
        stage.pace.whileWaiting(() -> {
            if (stage.requests().size() == 1) {
                stage.cleared.set(false);
            }
        });
        assertThatChange(1, stage.patch(changes("note", SENT))).isReleased().isInDoubt();
    }

    @Test
    void with_verify_a_value_that_stands_is_named_where_the_answer_says_nothing() {
        stage.verifySample = 1;
        stage.forgets().has(PARTICIPANT, "customer", "note", SENT.substring(0, 256));

        assertThatChange(1, stage.patch(changes("note", SENT)))
                .is(FAILED)
                .withCode("not.visible")
                .withMessage(
                        "confirmed by the API, but a read does not show it: the API kept the first"
                                + " 256 of 300 characters");
    }

    @Test
    void a_number_that_stands_is_not_the_text_that_was_sent() {
        stage.beforeImage = BeforeImage.READ;
        MockResponse seven = conversation(JsonNodeFactory.instance.numberNode(7));
        stage.answersRead(seven);
        Turn turn = stage.patch(changes("note", "7"));
        assertThat(stage.bodies()).hasSize(1);
        assertThatChange(1, turn).withBefore("7");
    }

    @Test
    void a_long_list_of_alterations_costs_one_read() {
        var values = new String[200];
        var json = JsonMapper.shared().createObjectNode();
        var shown = json.putObject("participantAttributes");
        for (int i = 0; i < 100; i++) {
            values[2 * i] = "name-" + i;
            values[2 * i + 1] = "Value " + i;
            shown.put("name-" + i, "value " + i);
        }
        var conversation = JsonMapper.shared().createObjectNode();
        conversation
                .putArray("participants")
                .addObject()
                .put("id", PARTICIPANT.participantId().toString())
                .set("attributes", shown);
        stage.answersPatch(answer(200, json.toString()));
        stage.answersRead(answer(200, conversation.toString()));

        Turn turn = stage.patch(changes(values));

        assertThat(turn.settlements())
                .allMatch(settlement -> "value.altered".equals(settlement.evidence().code()));
        assertThat(purposes(turn)).isEqualTo("PATCH READ_BACK");
    }

    private static MockResponse echo(String name, JsonNode value, String... more) {
        var json = JsonMapper.shared().createObjectNode();
        json.put("id", PARTICIPANT.participantId().toString());
        var attributes = json.putObject("participantAttributes");
        attributes.set(name, value);
        for (int i = 0; i < more.length; i += 2) {
            attributes.put(more[i], more[i + 1]);
        }
        return answer(200, json.toString());
    }

    private static MockResponse conversation(JsonNode note, String... more) {
        var json = JsonMapper.shared().createObjectNode();
        var participant = json.putArray("participants").addObject();
        participant.put("id", PARTICIPANT.participantId().toString()).put("purpose", "customer");
        var attributes = participant.putObject("attributes");
        attributes.set("note", note);
        for (int i = 0; i < more.length; i += 2) {
            attributes.put(more[i], more[i + 1]);
        }
        return answer(200, json.toString());
    }
}
