package reconciler.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.change.ChangeState.REJECTED;
import static reconciler.outcome.ConfirmedBy.ACCEPTED;
import static reconciler.patch.Given.changes;
import static reconciler.patch.Stage.answer;
import static reconciler.patch.TurnAssert.assertThatChange;

import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reconciler.outcome.Turn;

/// What every further request would fail with ends the run before it burns the queue.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class HaltTest {
    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void a_fixed_token_that_is_refused_ends_the_run_at_once() {
        stage.answersPatch(answer(401, "{\"code\": \"bad.credentials\"}"));

        Turn turn = stage.patch(changes("priority", "high", "queue", "vip"));

        assertThatChange(1, turn).isReleased().afterAttempts(0).isNotInDoubt();
        assertThatChange(2, turn).isReleased();
        assertHalted(Halt.Kind.CREDENTIALS, "401 bad.credentials");
        assertThat(turn.attempts()).hasSize(1);
    }

    @Test
    void after_a_halt_nothing_more_is_sent() {
        stage.answersPatch(answer(401));
        stage.patch(changes("priority", "high"));

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn).isReleased();
        assertThat(turn.attempts()).isEmpty();
        assertThat(stage.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing.permissions", "missing.any.permissions"})
    void a_missing_permission_ends_the_run_even_after_a_success(String code) {
        stage.patch(changes("priority", "high"));
        stage.answersPatch(answer(403, "{\"code\": \"" + code + "\", \"message\": \"lacks x\"}"));

        Turn turn = stage.patch(changes("priority", "low"));

        assertThatChange(1, turn).isReleased();
        assertHalted(Halt.Kind.PERMISSION, code + ", lacks x");
    }

    @Test
    void a_conversation_that_is_not_ours_rejects_its_participant_only() {
        stage.answersPatch(answer(403, "{\"code\": \"not.authorized\"}"));

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn).is(REJECTED).withCode("not.authorized");
        assertThat(stage.patcher().halt()).isNull();
        assertThatChange(1, stage.patch(changes("priority", "high"))).isApplied(ACCEPTED);
    }

    @Test
    void a_403_without_a_reason_is_a_missing_permission_until_something_succeeded() {
        stage.answersPatch(answer(403));
        assertThatChange(1, stage.patch(changes("priority", "high"))).isReleased();
        assertHalted(Halt.Kind.PERMISSION, "403");
    }

    @Test
    void a_403_without_a_reason_after_a_success_is_about_the_participant() {
        stage.patch(changes("priority", "high"));
        stage.answersPatch(answer(403));
        assertThatChange(1, stage.patch(changes("priority", "low"))).is(REJECTED).withStatus(403);
        assertThat(stage.patcher().halt()).isNull();
    }

    @Test
    void a_permission_that_the_read_back_lacks_keeps_the_doubt() {
        stage.answersPatch(answer(504));
        stage.answersRead(answer(403, "{\"code\": \"missing.permissions\"}"));

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn).isReleased().isInDoubt().afterAttempts(1);
        assertHalted(Halt.Kind.PERMISSION, "missing.permissions");
    }

    private void assertHalted(Halt.Kind kind, String words) {
        Halt halt = Objects.requireNonNull(stage.patcher().halt());
        assertThat(halt.kind()).isEqualTo(kind);
        assertThat(halt.message()).contains(words).doesNotContain("top-secret-token");
    }
}
