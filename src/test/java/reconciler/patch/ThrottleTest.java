package reconciler.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.change.ChangeState.FAILED;
import static reconciler.outcome.ConfirmedBy.ACCEPTED;
import static reconciler.patch.Given.changes;
import static reconciler.patch.Stage.answer;
import static reconciler.patch.TurnAssert.assertThatChange;

import java.time.Duration;
import java.util.Collections;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reconciler.outcome.Disposition;
import reconciler.outcome.Exhausted;
import reconciler.outcome.Policies;
import reconciler.outcome.ThrottlePolicy;
import reconciler.outcome.Turn;

/// 429 is not a failed attempt: everybody waits.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ThrottleTest {
    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void everybody_waits_and_the_request_is_sent_again_without_using_an_attempt() {
        stage.answersPatch(answer(429, "Retry-After", "42"));

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn).isApplied(ACCEPTED).afterAttempts(1);
        assertThat(turn.attempts()).hasSize(2);
        assertThat(turn.attempts().getFirst().evidence().httpStatus()).isEqualTo(429);
        assertThat(stage.pace.holds()).containsExactly(Duration.ofSeconds(42));
        assertThat(stage.patcher().statistics().throttled()).isEqualTo(1);
        assertThat(stage.patcher().statistics().requests()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-5", "soon", "", "1.5", "Sun, 22 Nov 2026 01:00:00 GMT"})
    void a_pause_that_says_nothing_is_three_seconds(String nonsense) {
        stage.answersPatch(answer(429, "Retry-After", nonsense), answer(429));

        stage.patch(changes("priority", "high"));

        assertThat(stage.pace.holds())
                .containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(3));
    }

    @Test
    void a_date_is_a_pause_too() {
        stage.answersPatch(answer(429, "Retry-After", "Sun, 22 Nov 2026 02:00:30 GMT"));
        stage.patch(changes("priority", "high"));
        assertThat(stage.pace.holds()).containsExactly(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @ValueSource(strings = {"181", "36000", "99999999999999999999999"})
    void a_pause_above_the_cap_defers_the_change_and_ends_the_run(String hours) {
        stage.answersPatch(answer(429, "Retry-After", hours));

        Turn turn = stage.patch(changes("priority", "high"));
        Turn next = stage.patch(changes("queue", "vip"));

        Disposition disposition = turn.settlements().getFirst().disposition();
        assertThat(disposition).isInstanceOf(Disposition.Deferred.class);
        assertThatChange(1, turn).afterAttempts(0).isNotInDoubt();
        assertThat(stage.patcher().halt()).isNotNull();
        assertThat(stage.patcher().halt()).extracting(Halt::kind).isEqualTo(Halt.Kind.THROTTLED);
        assertThatChange(1, next).isReleased();
        assertThat(stage.methods()).isEqualTo("PATCH");
    }

    @Test
    void pauses_that_add_up_to_too_much_defer_the_change_but_not_the_run() {
        MockResponse twoMinutes = answer(429, "Retry-After", "120");
        stage.answersPatch(twoMinutes, twoMinutes);

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn).goesTo(new Disposition.Deferred(Duration.ofMinutes(2)));
        assertThat(stage.patcher().halt()).isNull();
        assertThat(stage.pace.holds()).isEqualTo(Collections.nCopies(2, Duration.ofMinutes(2)));
    }

    @Test
    void where_the_job_file_says_skip_the_change_failed() {
        var given = Given.POLICIES;
        stage.policies =
                new Policies(
                        given.conflict(),
                        new ThrottlePolicy(
                                Duration.ofMinutes(3), Duration.ofSeconds(3), Exhausted.SKIP),
                        given.unavailable(),
                        given.roleMismatch());
        stage.answersPatch(answer(429, "Retry-After", "3600"));

        assertThatChange(1, stage.patch(changes("priority", "high"))).is(FAILED).withStatus(429);
        assertThat(stage.patcher().halt()).isNotNull();
    }

    @Test
    void a_read_that_is_throttled_waits_as_well() {
        stage.beforeImage = BeforeImage.READ;
        stage.answersRead(answer(429, "Retry-After", "7"));

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn).isApplied(ACCEPTED);
        assertThat(stage.methods()).isEqualTo("GET GET PATCH");
        assertThat(stage.pace.holds()).containsExactly(Duration.ofSeconds(7));
    }

    @Test
    void pauses_before_a_read_and_before_a_send_are_counted_together() {
        stage.beforeImage = BeforeImage.READ;
        stage.answersRead(answer(429, "Retry-After", "120"));
        stage.answersPatch(answer(429, "Retry-After", "90"));

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn).goesTo(new Disposition.Deferred(Duration.ofSeconds(90)));
    }

    @Test
    void the_pace_learns_from_the_headers_of_every_answer() {
        stage.answersPatch(
                answer(202)
                        .newBuilder()
                        .addHeader("inin-ratelimit-allowed", "180")
                        .addHeader("inin-ratelimit-count", "17")
                        .addHeader("inin-ratelimit-reset", "61")
                        .build());

        stage.patch(changes("priority", "high"));

        assertThat(stage.pace.learned())
                .containsExactly(new RateHeaders(180, 17, Duration.ofSeconds(61)));
    }

    @Test
    void rate_headers_may_be_missing_or_garbage() {
        assertThat(RateHeaders.of("many", "-1", "")).matches(RateHeaders::isEmpty);
        assertThat(RateHeaders.of(null, null, null)).matches(RateHeaders::isEmpty);
        assertThat(RateHeaders.of("0", null, null).allowed()).isNull();
    }
}
