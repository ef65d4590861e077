package reconciler.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.change.ChangeState.FAILED;
import static reconciler.outcome.ConfirmedBy.ACCEPTED;
import static reconciler.outcome.ConfirmedBy.READ_BACK;
import static reconciler.patch.Given.changes;
import static reconciler.patch.Stage.answer;
import static reconciler.patch.TurnAssert.assertThatChange;
import static reconciler.patch.TurnAssert.purposes;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reconciler.outcome.Turn;

/// No usable answer: applied or not, only a read can tell.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LostAnswerTest {
    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    record Accident(String name, UnaryOperator<MockResponse.Builder> happens) {
        MockResponse answer() {
            return happens.apply(new MockResponse.Builder().code(200).body("x".repeat(2_000)))
                    .build();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Accident> accidents() {
        var close = new SocketEffect.CloseSocket();
        var stall = SocketEffect.Stall.INSTANCE;
        return Stream.of(
                new Accident("closed when the request starts", b -> b.onRequestStart(close)),
                new Accident("closed within the request body", b -> b.onRequestBody(close)),
                new Accident("closed before the answer", b -> b.onResponseStart(close)),
                new Accident("closed within the answer", b -> b.onResponseBody(close)),
                new Accident(
                        "shut down within the answer",
                        b -> b.onResponseBody(new SocketEffect.CloseSocket(false, false, true))),
                new Accident("stalled before the answer", b -> b.onResponseStart(stall)),
                new Accident("stalled within the answer", b -> b.onResponseBody(stall)),
                new Accident("not HTTP", b -> b.status("HTTP/9.9 bang")),
                new Accident("a negative status", b -> b.status("HTTP/1.1 -12 bang")));
    }

    @ParameterizedTest
    @MethodSource("accidents")
    void a_lost_answer_is_read_back_and_what_is_not_there_is_sent_again(Accident accident) {
        stage.timeout = Duration.ofMillis(250);
        stage.answersPatch(accident.answer());

        Turn turn = stage.patch(changes("essay", "words ".repeat(50_000)));

        assertThatChange(1, turn).isApplied(ACCEPTED).isNotInDoubt().afterAttempts(2);
        assertThat(purposes(turn)).isEqualTo("PATCH READ_BACK PATCH");
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 500, 502, 503, 504, 599})
    void what_the_read_finds_is_applied_and_was_in_doubt(int status) {
        stage.has(Given.PARTICIPANT, "customer", "priority", "high");
        stage.answersPatch(answer(status, "<html>gateway</html>"));

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn).isApplied(READ_BACK).isInDoubt().afterAttempts(1).withStatus(200);
        assertThat(stage.methods()).isEqualTo("PATCH GET");
    }

    @Test
    void only_what_the_read_does_not_find_is_sent_again() {
        stage.has(Given.PARTICIPANT, "customer", "priority", "high");
        stage.answersPatch(answer(500));

        Turn turn = stage.patch(changes("priority", "high", "queue", "vip"));

        assertThatChange(1, turn).isApplied(READ_BACK).isInDoubt().afterAttempts(1);
        assertThatChange(2, turn).isApplied(ACCEPTED).isNotInDoubt().afterAttempts(2);
        assertThat(stage.bodies().getLast())
                .isEqualTo("{\"type\":\"contact\",\"participantAttributes\":{\"queue\":\"vip\"}}");
    }

    @Test
    void after_the_last_try_a_read_decides_and_leaves_no_doubt() {
        stage.answersPatch(answer(500), answer(502), answer(503));

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn).is(FAILED).isNotInDoubt().afterAttempts(3).withStatus(503);
        assertThat(purposes(turn)).isEqualTo("PATCH READ_BACK PATCH READ_BACK PATCH READ_BACK");
    }

    @Test
    void when_no_read_can_tell_the_change_failed_in_doubt() {
        stage.answersPatch(answer(504));
        stage.answersRead(answer(503), answer(503), answer(503));

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn)
                .is(FAILED)
                .isInDoubt()
                .afterAttempts(1)
                .withStatus(504)
                .withMessage("could not be read: http.503");
        assertThat(stage.methods()).isEqualTo("PATCH GET GET GET");
    }

    @Test
    void a_stop_before_the_read_back_keeps_the_doubt() {
        stage.answersPatch(answer(500));
        stage.clock.cutUnless(_ -> false);

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn).isReleased().isInDoubt().afterAttempts(1);
        assertThat(stage.methods()).isEqualTo("PATCH");
    }

    @Test
    void the_pause_that_a_503_asks_for_is_kept_up_to_the_patience_for_a_429() {
        stage.answersPatch(answer(503, "Retry-After", "100"), answer(503, "Retry-After", "86400"));

        stage.patch(changes("priority", "high"));

        assertThat(stage.clock.pauses())
                .containsExactly(Duration.ofSeconds(100), Duration.ofMinutes(3));
    }

    @Test
    void a_host_that_nobody_answers_at_is_no_attempt_and_no_doubt() {
        URI nobody = URI.create("http://127.0.0.1:" + stage.server.getPort());
        AttributePatcher patcher = stage.patcher();
        stage.server.close();
        var changes = changes("priority", "high");

        Turn turn =
                patcher.patch(
                        changes, patcher.newPage(List.of(changes), Given.UNRECORDED, Map.of()));

        assertThatChange(1, turn)
                .is(FAILED)
                .isNotInDoubt()
                .afterAttempts(0)
                .withCode("connection.failed")
                .withStatus(null);
        assertThat(turn.attempts()).isEmpty();
        assertThat(stage.clock.pauses()).as("%s", nobody).hasSize(2);
        assertThat(patcher.statistics().requests()).isZero();
    }
}
