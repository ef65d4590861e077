package reconciler.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.change.ChangeState.EXPIRED;
import static reconciler.change.ChangeState.FAILED;
import static reconciler.outcome.ConfirmedBy.ACCEPTED;
import static reconciler.outcome.ConfirmedBy.ANSWER;
import static reconciler.outcome.ConfirmedBy.READ_BACK;
import static reconciler.patch.Given.PARTICIPANT;
import static reconciler.patch.Given.change;
import static reconciler.patch.Given.changes;
import static reconciler.patch.Stage.answer;
import static reconciler.patch.TurnAssert.assertThatChange;

import java.time.Instant;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reconciler.outcome.ConfirmedBy;
import reconciler.outcome.Turn;

/// A success is believed, and in a sample looked up.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ConfirmationTest {
    private static final MockResponse NOTHING_YET =
            answer(200, "{\"participants\": [{\"id\": \"" + PARTICIPANT.participantId() + "\"}]}");

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "web | 200 | {'participantAttributes': {'priority': 'high'}} | ANSWER",
                "web | 200 | {'id': '22222222-2222-4222-8222-222222222222', 'attributes': {'priority': 'high', 'other': 7}} | ANSWER",
                "web | 201 | {'participantAttributes': {'priority': 'high'}} | ANSWER",
                "web | 202 | | ACCEPTED",
                "web | 202 | {'participantAttributes': {'priority': 'high'}} | ACCEPTED",
                "web | 204 | | ANSWER",
                "attributes | 202 | | ACCEPTED",
                "attributes | 200 | {'attributes': {'priority': 'high'}} | ANSWER",
                "attributes:messages | 202 | | ACCEPTED",
                "attributes:calls | 202 | {'attributes': {'priority': 'high'}} | ACCEPTED"
            })
    void a_success_is_as_good_as_its_status(
            String contract, int status, String body, ConfirmedBy confirmedBy) {
        stage.contract = ApiContract.parse(contract);
        stage.answersPatch(body == null ? answer(status) : answer(status, body.replace('\'', '"')));

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn)
                .isApplied(confirmedBy)
                .isNotInDoubt()
                .afterAttempts(1)
                .withStatus(status)
                .withCode(null);
        assertThat(turn.attempts().getFirst().answer()).isNull();
    }

    @Test
    void a_sampled_success_is_read_back() {
        stage.verifySample = 1;
        Turn turn = stage.patch(changes("priority", "high"));
        assertThatChange(1, turn).isApplied(READ_BACK).isNotInDoubt().afterAttempts(1);
        assertThat(stage.methods()).isEqualTo("PATCH GET");
    }

    @Test
    void a_value_may_take_a_moment_to_show() {
        stage.verifySample = 1;
        stage.answersRead(NOTHING_YET, NOTHING_YET);

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn).isApplied(READ_BACK).afterAttempts(1);
        assertThat(stage.methods()).isEqualTo("PATCH GET GET GET");
    }

    @Test
    void a_value_that_does_not_show_is_sent_again() {
        stage.verifySample = 1;
        stage.answersPatch(answer(202));

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn).isApplied(READ_BACK).afterAttempts(2);
        assertThat(stage.methods()).isEqualTo("PATCH GET GET GET GET PATCH GET");
    }

    @Test
    void a_value_that_never_shows_failed() {
        stage.verifySample = 1;
        stage.forgets().has(PARTICIPANT, "customer", "queue", "vip");

        Turn turn = stage.patch(changes("priority", "high", "queue", "vip"));

        assertThatChange(1, turn)
                .is(FAILED)
                .withCode("not.visible")
                .withStatus(202)
                .afterAttempts(3)
                .isInDoubt();
        assertThatChange(2, turn).isApplied(READ_BACK).afterAttempts(1);
    }

    @Test
    void a_value_that_does_not_show_is_not_sent_again_after_its_time() {
        stage.verifySample = 1;
        stage.forgets();
        Instant soon = stage.clock.instant().plusSeconds(2);

        Turn turn = stage.patch(changes(Given.applyBy(soon, change(1, "priority", "high"))));

        assertThatChange(1, turn).is(EXPIRED).isInDoubt().afterAttempts(1);
        assertThat(stage.bodies()).hasSize(1);
    }

    @Test
    void a_success_that_cannot_be_looked_up_is_believed() {
        stage.verifySample = 1;
        stage.answersPatch(answer(200, "{\"participantAttributes\": {\"priority\": \"high\"}}"))
                .answersRead(answer(403, "{\"code\":\"not.authorized\"}"));
        assertThatChange(1, stage.patch(changes("priority", "high"))).isApplied(ANSWER);
    }

    @Test
    void a_stop_while_looking_believes_the_success() {
        stage.verifySample = 1;
        stage.answersRead(NOTHING_YET);
        stage.clock.cutUnless(_ -> false);
        assertThatChange(1, stage.patch(changes("priority", "high"))).isApplied(ACCEPTED);
    }

    @Test
    void a_sample_is_a_share() {
        stage.verifySample = 0.25;
        for (int id = 1; id <= 200; id++) {
            stage.patch(changes(change(id, "priority", "v" + id)));
        }
        assertThat(stage.requests())
                .filteredOn(request -> request.getMethod().equals("GET"))
                .hasSizeBetween(30, 70);
    }
}
