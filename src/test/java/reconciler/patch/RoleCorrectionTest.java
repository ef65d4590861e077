package reconciler.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.change.ChangeState.FAILED;
import static reconciler.change.ChangeState.REJECTED;
import static reconciler.outcome.ConfirmedBy.ACCEPTED;
import static reconciler.patch.Given.PARTICIPANT;
import static reconciler.patch.Given.changes;
import static reconciler.patch.Stage.answer;
import static reconciler.patch.Stage.refusalOf;
import static reconciler.patch.TurnAssert.assertThatChange;
import static reconciler.patch.TurnAssert.purposes;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reconciler.outcome.Policies;
import reconciler.outcome.RoleMismatch;
import reconciler.outcome.Turn;

/// The `web` contract refuses a role that is not the participant's own.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RoleCorrectionTest {
    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void the_role_is_read_corrected_and_the_changes_sent_again() {
        stage.has(PARTICIPANT, "agent").answersPatch(refusalOf("type"));

        Turn turn = stage.patch(changes("priority", "high", "queue", "vip"));

        assertThatChange(1, turn).isApplied(ACCEPTED).afterAttempts(2).withCorrectedRole("agent");
        assertThatChange(2, turn).isApplied(ACCEPTED).withCorrectedRole("agent");
        assertThat(purposes(turn)).isEqualTo("PATCH ROLE PATCH");
        assertThat(stage.bodies().getLast()).startsWith("{\"type\":\"agent\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"customer", "external", "user", "contact", "Customer"})
    void a_participant_that_is_what_was_sent_is_rejected(String purpose) {
        stage.has(PARTICIPANT, purpose).answersPatch(refusalOf("type"));

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn).is(REJECTED).withStatus(400).withCorrectedRole(null);
        assertThat(stage.methods()).isEqualTo("PATCH GET");
    }

    @Test
    void a_purpose_without_a_role_is_rejected() {
        stage.has(PARTICIPANT, "acd").answersPatch(refusalOf("type"));
        assertThatChange(1, stage.patch(changes("priority", "high")))
                .is(REJECTED)
                .withMessage("refused; the participant's purpose is 'acd'");
    }

    @Test
    void a_participant_that_is_gone_is_rejected() {
        stage.lacks(PARTICIPANT).answersPatch(refusalOf("type"));

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn).is(REJECTED).withCode("not.found").isNotInDoubt();
    }

    @Test
    void a_role_is_corrected_once() {
        stage.has(PARTICIPANT, "agent").answersPatch(refusalOf("type"), refusalOf("type"));

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn).is(REJECTED).afterAttempts(2).withCorrectedRole("agent");
        assertThat(purposes(turn)).isEqualTo("PATCH ROLE PATCH");
    }

    @Test
    void a_role_that_cannot_be_read_fails_the_change() {
        stage.answersPatch(refusalOf("type")).answersRead(answer(500), answer(500), answer(500));

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn).is(FAILED).isNotInDoubt().withMessage("could not be read");
    }

    @Test
    void where_the_job_file_says_so_the_change_is_rejected_without_a_read() {
        var given = Given.POLICIES;
        stage.policies =
                new Policies(
                        given.conflict(),
                        given.throttled(),
                        given.unavailable(),
                        RoleMismatch.REJECT);
        stage.answersPatch(refusalOf("type"));

        assertThatChange(1, stage.patch(changes("priority", "high"))).is(REJECTED);
        assertThat(stage.methods()).isEqualTo("PATCH");
    }

    @Test
    void to_the_published_contract_type_is_a_name_like_any_other() {
        stage.contract = ApiContract.parse("attributes");
        stage.answersPatch(refusalOf("type"));

        Turn turn = stage.patch(changes("type", "vip", "queue", "vip"));

        assertThatChange(1, turn).is(REJECTED);
        assertThatChange(2, turn).isApplied(ACCEPTED);
    }
}
