package reconciler.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.outcome.ConfirmedBy.ACCEPTED;
import static reconciler.patch.Given.changes;
import static reconciler.patch.Stage.answer;
import static reconciler.patch.TurnAssert.assertThatChange;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reconciler.outcome.Backoff;
import reconciler.outcome.Policies;
import reconciler.outcome.Turn;
import reconciler.outcome.UnavailablePolicy;

/// A window of 4, a pause of a minute, a trial of 2, and the second opening is the last.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class BreakerTest {
    private static final Duration OPEN = Duration.ofMinutes(1);

    private final Stage stage = new Stage();

    @BeforeEach
    void oneTryEach() {
        stage.breaker = new BreakerSettings(4, 0.5, Duration.ofSeconds(10), OPEN, 2, 2);
        stage.policies =
                new Policies(
                        Given.POLICIES.conflict(),
                        Given.POLICIES.throttled(),
                        new UnavailablePolicy(
                                1, new Backoff(Duration.ofMillis(1), Duration.ofMillis(2))),
                        Given.POLICIES.roleMismatch());
    }

    @AfterEach
    void close() {
        stage.close();
    }

    static Stream<MockResponse> failures() {
        return Stream.of(
                answer(500),
                answer(503),
                new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build());
    }

    @ParameterizedTest
    @MethodSource("failures")
    void half_of_the_window_opens_it_and_a_trial_that_goes_well_closes_it(MockResponse failure) {
        stage.answersPatch(answer(202), answer(202), failure);
        send(2);
        send(1); // the failure, and its read-back that goes well
        assertThat(stage.clock.pauses()).doesNotContain(OPEN);
        stage.answersPatch(failure);

        send(1);

        assertThat(stage.clock.pauses()).as("the read-back had to wait").contains(OPEN);
        assertThat(stage.patcher().halt()).isNull();
        assertThatChange(1, stage.patch(changes("a", "1"))).isApplied(ACCEPTED);
    }

    @Test
    void while_it_is_open_it_says_why_nothing_is_sent() {
        var said = new ArrayList<@Nullable String>();
        stage.clock.cutUnless(pause -> {
            if (pause.equals(OPEN)) {
                said.add(stage.patcher().holdUp());
            }
            return true;
        });
        stage.answersPatch(answer(202), answer(202), answer(503));
        send(2);
        send(1);
        stage.answersPatch(answer(503));
        assertThat(stage.patcher().holdUp()).isNull();

        send(1);

        assertThat(said)
                .containsExactly(
                        "the API is left alone for 60 s: 2 of the last 4 requests failed, 2 of them with 503");
        assertThat(stage.patcher().holdUp()).isNull();
    }

    @Test
    void the_second_opening_ends_the_run_and_says_what_failed() {
        stage.answersPatch(answer(503), answer(503), answer(503));
        stage.answersRead(answer(503), answer(500), answer(503));

        Turn first = stage.patch(changes("a", "1"));
        Turn second = stage.patch(changes("b", "2"));
        Turn third = stage.patch(changes("c", "3"));

        assertThat(stage.clock.pauses()).filteredOn(OPEN::equals).hasSize(1);
        assertThat(first.attempts().size() + second.attempts().size() + third.attempts().size())
                .as("4 that opened it, 2 of the trial")
                .isEqualTo(6);
        assertThatChange(1, stage.patch(changes("d", "4"))).isReleased().afterAttempts(0);
        Halt halt = Objects.requireNonNull(stage.patcher().halt());
        assertThat(halt.kind()).isEqualTo(Halt.Kind.BROKEN);
        assertThat(halt.message())
                .contains("4 of the last 4 requests failed, 3 of them with 503")
                .contains("breaker.openings: 2");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 408, 413})
    void a_4xx_is_an_answer(int status) {
        stage.patch(changes("z", "9"));
        for (int i = 0; i < 8; i++) {
            stage.answersPatch(answer(status, "{\"code\": \"not.authorized\"}"));
            send(1);
        }
        assertThat(stage.clock.pauses()).doesNotContain(OPEN);
        assertThat(stage.patcher().halt()).isNull();
    }

    @Test
    void a_429_is_none_of_its_business() {
        for (int i = 0; i < 8; i++) {
            stage.answersPatch(answer(429, "Retry-After", "1"));
        }
        send(1);
        assertThat(stage.requests()).hasSize(9);
        assertThat(stage.clock.pauses()).doesNotContain(OPEN);
    }

    @Test
    void who_waits_while_it_is_open_can_be_stopped() {
        stage.clock.cutUnless(pause -> !pause.equals(OPEN));
        stage.answersPatch(answer(503), answer(503));
        stage.answersRead(answer(503), answer(503));

        send(1);
        send(1);
        Turn turn = stage.patch(changes("a", "1"));

        assertThatChange(1, turn).isReleased();
        assertThat(turn.attempts()).isEmpty();
    }

    @Test
    void without_a_login_host_it_opens_too() {
        stage.credentials = new Credentials.ClientCredentials("id", "secret");
        for (int i = 0; i < 40; i++) {
            stage.answersLogin(answer(200, "{}"));
        }

        for (int i = 0; i < 8; i++) {
            send(1);
        }

        assertThat(Objects.requireNonNull(stage.patcher().halt()).message()).contains("no token, ");
    }

    private void send(int participants) {
        for (int i = 0; i < participants; i++) {
            stage.patch(changes("a", "1"));
        }
    }
}
