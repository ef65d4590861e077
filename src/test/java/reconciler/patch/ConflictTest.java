package reconciler.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.change.ChangeState.CONFLICT;
import static reconciler.change.ChangeState.FAILED;
import static reconciler.change.ChangeState.UNCHANGED;
import static reconciler.outcome.ConfirmedBy.ACCEPTED;
import static reconciler.outcome.ConfirmedBy.READ_BACK;
import static reconciler.patch.Given.PARTICIPANT;
import static reconciler.patch.Given.changes;
import static reconciler.patch.Stage.answer;
import static reconciler.patch.TurnAssert.assertThatChange;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.outcome.ConflictPolicy;
import reconciler.outcome.Disposition;
import reconciler.outcome.Exhausted;
import reconciler.outcome.Policies;
import reconciler.outcome.Turn;

/// 409: somebody else was there; look, then try again.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ConflictTest {
    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void a_conflict_is_sent_again_after_a_read() {
        stage.answersPatch(answer(409), answer(409));

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn).isApplied(ACCEPTED).afterAttempts(3).isNotInDoubt();
        assertThat(stage.methods()).isEqualTo("PATCH GET PATCH GET PATCH");
        assertThat(stage.clock.pauses()).hasSize(2);
    }

    @Test
    void what_somebody_else_has_done_already_is_unchanged() {
        stage.has(PARTICIPANT, "customer", "priority", "high").answersPatch(answer(409));

        Turn turn = stage.patch(changes("priority", "high", "queue", "vip"));

        assertThatChange(1, turn).is(UNCHANGED).afterAttempts(1).isNotInDoubt();
        assertThatChange(2, turn).isApplied(ACCEPTED).afterAttempts(2);
    }

    @Test
    void what_a_lost_request_of_ours_may_have_done_is_applied() {
        stage.answersPatch(answer(500), answer(409));
        stage.answersRead(
                answer(
                        200,
                        "{\"participants\": [{\"id\": \"" + PARTICIPANT.participantId() + "\"}]}"));
        stage.has(PARTICIPANT, "customer", "priority", "high");

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn).isApplied(READ_BACK).isInDoubt().afterAttempts(2);
    }

    @Test
    void a_conflict_that_stays_is_settled_as_one() {
        stage.answersPatch(
                answer(409), answer(409), answer(409, "{\"code\":\"general.conflict\"}"));

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn)
                .is(CONFLICT)
                .afterAttempts(3)
                .withStatus(409)
                .withCode("general.conflict");
    }

    @Test
    void a_conflict_that_stays_is_deferred_where_the_job_file_says_so() {
        var given = Given.POLICIES;
        stage.policies =
                new Policies(
                        new ConflictPolicy(1, given.conflict().backoff(), Exhausted.DEFER),
                        given.throttled(),
                        given.unavailable(),
                        given.roleMismatch());
        stage.answersPatch(answer(409));

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn).goesTo(new Disposition.Deferred(Duration.ofSeconds(5)));
    }

    @Test
    void a_conflict_that_cannot_be_looked_at_fails_without_a_doubt() {
        stage.answersPatch(answer(409)).answersRead(answer(500), answer(500), answer(500));

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn).is(FAILED).isNotInDoubt().withStatus(409);
    }
}
