package reconciler.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.change.ChangeState.FAILED;
import static reconciler.outcome.ConfirmedBy.ACCEPTED;
import static reconciler.patch.Given.change;
import static reconciler.patch.Given.changes;
import static reconciler.patch.Stage.answer;
import static reconciler.patch.Stage.page;
import static reconciler.patch.TurnAssert.assertThatChange;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import reconciler.change.Participant;
import reconciler.outcome.Turn;

/// One token for everybody, asked for once.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TokensTest {
    private final Stage stage = new Stage();

    @BeforeEach
    void useAClient() {
        stage.credentials = new Credentials.ClientCredentials("client-7", "s3cret");
    }

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void a_token_is_asked_for_with_basic_authentication_and_a_form() {
        stage.patch(changes("priority", "high"));

        RecordedRequest login = stage.requests().getFirst();
        assertThat(login.getRequestLine()).startsWith("POST /oauth/token ");
        assertThat(login.getHeaders().get("Authorization")).isEqualTo("Basic Y2xpZW50LTc6czNjcmV0");
        assertThat(login.getHeaders().get("Content-Type"))
                .isEqualTo("application/x-www-form-urlencoded");
        assertThat(Stage.body(login)).isEqualTo("grant_type=client_credentials");
        assertThat(stage.requests().getLast().getHeaders().get("Authorization"))
                .isEqualTo("Bearer minted");
    }

    @Test
    void fifty_threads_ask_for_one_token() throws Exception {
        List<Turn> turns = patchInParallel(50);
        assertThat(turns).allSatisfy(turn -> assertThat(turn.settlements()).hasSize(1));
        assertThat(logins()).isEqualTo(1);
        assertThat(stage.requests()).hasSize(51);
    }

    @Test
    void fifty_threads_that_are_refused_ask_for_one_new_token() throws Exception {
        stage.inFlight = 50;
        var gate = new CountDownLatch(50);
        var granted = new AtomicInteger();
        stage.server.setDispatcher(
                new Dispatcher() {
                    @Override
                    public MockResponse dispatch(RecordedRequest request)
                            throws InterruptedException {
                        if (request.getMethod().equals("POST")) {
                            return token("token-" + granted.incrementAndGet());
                        }
                        if ("Bearer token-1".equals(request.getHeaders().get("Authorization"))) {
                            gate.countDown();
                            gate.await();
                            return answer(401);
                        }
                        return answer(202);
                    }
                });

        List<Turn> turns = patchInParallel(50);

        assertThat(turns)
                .allSatisfy(turn -> {
                    assertThat(turn.settlements().getFirst().attempts()).isEqualTo(1);
                    assertThat(turn.attempts()).hasSize(2);
                });
        assertThat(granted).hasValue(2);
        assertThat(stage.patcher().halt()).isNull();
    }

    @Test
    void a_new_token_that_is_refused_too_ends_the_run() {
        stage.answersPatch(answer(401), answer(401));

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn).isReleased().afterAttempts(0);
        assertThat(stage.methods()).isEqualTo("POST PATCH POST PATCH");
        assertThat(stage.patcher().halt()).extracting(Halt::kind).isEqualTo(Halt.Kind.CREDENTIALS);
    }

    @Test
    void a_token_is_replaced_after_four_fifths_of_its_life() {
        stage.answersLogin(token("first"), token("second"));
        stage.patch(changes("priority", "1"));
        stage.clock.pass(Duration.ofSeconds(79));
        stage.patch(changes("priority", "2"));
        stage.clock.pass(Duration.ofSeconds(1));
        stage.patch(changes("priority", "3"));
        assertThat(stage.methods()).isEqualTo("POST PATCH PATCH POST PATCH");
    }

    @Test
    void a_token_that_is_due_still_serves_while_the_login_host_is_down() {
        stage.answersLogin(token("first"), answer(503), answer(503));
        stage.patch(changes("priority", "1"));
        stage.clock.pass(Duration.ofSeconds(90));

        assertThatChange(1, stage.patch(changes("priority", "2"))).isApplied(ACCEPTED);
        assertThat(stage.requests().getLast().getHeaders().get("Authorization"))
                .isEqualTo("Bearer first");
    }

    @Test
    void a_burst_of_token_requests_is_answered_400_and_waited_out() {
        stage.answersLogin(
                answer(
                        400,
                        """
                        {"error": "invalid_request", "error_description":
                         "rate limit exceeded; too many token requests"}\
                        """));

        assertThatChange(1, stage.patch(changes("priority", "high"))).isApplied(ACCEPTED);
        assertThat(stage.clock.pauses()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"400, invalid_client", "401, invalid_client", "400, unauthorized_client"})
    void credentials_that_are_refused_end_the_run(int status, String error) {
        stage.answersLogin(answer(status, "{\"error\": \"" + error + "\"}"));

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn).isReleased();
        assertThat(turn.attempts()).isEmpty();
        assertThat(stage.patcher().halt())
                .isNotNull()
                .satisfies(halt ->
                        assertThat(String.valueOf(halt))
                                .contains(error, "RECONCILER_API_CLIENT_SECRET")
                                .doesNotContain("s3cret"));
    }

    static Stream<MockResponse> troubles() {
        return Stream.of(
                answer(503),
                answer(500, "{\"code\": \"internal.server.error\"}"),
                answer(429),
                answer(408),
                page(503, "<title>Maintenance</title>"),
                page(403, "<title>Blocked</title>"),
                page(401, "<title>Sign in</title>"),
                page(400, "<html>"),
                page(404, "<html>"),
                page(200, "<title>Welcome to the hotel</title>"),
                answer(302, "Location", "https://sso.example.com/"),
                answer(403, "{\"message\": \"Forbidden\"}"),
                new MockResponse.Builder().code(403).build(),
                new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build());
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void a_login_host_in_trouble_is_waited_out(MockResponse trouble) {
        stage.answersLogin(trouble, trouble);

        assertThatChange(1, stage.patch(changes("priority", "high"))).isApplied(ACCEPTED);

        assertThat(stage.methods()).isEqualTo("POST POST POST PATCH");
        assertThat(stage.clock.pauses()).hasSize(2);
        assertThat(stage.patcher().halt()).isNull();
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void trouble_that_lasts_longer_than_max_wait_ends_the_run_and_says_what_came(
            MockResponse trouble) {
        stage.answersLogin(Collections.nCopies(100, trouble).toArray(MockResponse[]::new));

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn).isReleased().isNotInDoubt().afterAttempts(0);
        Duration waited = stage.clock.pauses().stream().reduce(Duration.ZERO, Duration::plus);
        assertThat(waited).isBetween(Duration.ofMinutes(2), Duration.ofMinutes(3));
        assertThat(stage.patcher().halt())
                .isNotNull()
                .satisfies(halt -> {
                    assertThat(halt.kind()).isEqualTo(Halt.Kind.UNAVAILABLE);
                    assertThat(halt.message())
                            .startsWith("the login host 127.0.0.1 gave no token in ")
                            .doesNotContain("null", "s3cret");
                });
    }

    @Test
    void the_pause_that_the_login_host_asks_for_is_kept_up_to_max_wait() {
        stage.answersLogin(answer(503, "Retry-After", "100"), answer(429, "Retry-After", "100"));

        assertThatChange(1, stage.patch(changes("priority", "high"))).isReleased();

        assertThat(stage.clock.pauses()).containsExactly(Duration.ofSeconds(100));
        assertThat(stage.methods()).isEqualTo("POST POST");
    }

    @Test
    void what_came_from_the_login_host_is_named() {
        stage.answersLogin(
                Collections.nCopies(100, page(403, "<title>Blocked by policy</title>"))
                        .toArray(MockResponse[]::new));
        stage.patch(changes("priority", "high"));
        assertThat(String.valueOf(stage.patcher().halt()))
                .contains("403, text/html from \"nginx\", titled \"Blocked by policy\"");
    }

    @Test
    void a_login_host_in_trouble_is_left_alone_for_a_while_as_long_as_a_token_serves() {
        stage.answersLogin(token("first"), answer(503), answer(503));
        stage.patch(changes("priority", "1"));
        stage.clock.pass(Duration.ofSeconds(82));
        for (int i = 0; i < 5; i++) {
            stage.patch(changes("priority", "2"));
        }
        stage.clock.pass(Duration.ofSeconds(10));
        stage.patch(changes("priority", "3"));

        assertThat(logins()).isEqualTo(3);
        assertThat(stage.clock.pauses()).isEmpty();
    }

    @Test
    void a_json_answer_that_is_no_token_leaves_the_change_unsent() {
        stage.answersLogin(
                answer(200, "{}"), answer(200, "{\"access_token\": 7}"), answer(200, "{}"));

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn).is(FAILED).isNotInDoubt().afterAttempts(0);
        assertThatChange(1, turn).withCode("token.unreadable");
        assertThat(stage.methods()).isEqualTo("POST POST POST");
    }

    @Test
    void a_bare_401_is_a_refusal() {
        stage.answersLogin(answer(401));
        stage.patch(changes("priority", "high"));
        assertThat(stage.patcher().halt()).extracting(Halt::kind).isEqualTo(Halt.Kind.CREDENTIALS);
    }

    @Test
    void nothing_prints_a_secret() {
        var settings =
                new ApiSettings(
                        URI.create("https://api.mypurecloud.com"),
                        URI.create("https://login.mypurecloud.com"),
                        new WebContract(),
                        stage.credentials);
        assertThat(settings.toString()).contains("client-7").doesNotContain("s3cret");
        assertThat(new Credentials.AccessToken("t0ken").toString()).doesNotContain("t0ken");
        assertThat(new FixedToken("t0ken").toString()).doesNotContain("t0ken");
        assertThat(new Grant.Granted("t0ken").toString()).doesNotContain("t0ken");
        assertThat(new Login.Minted("t0ken", Duration.ofSeconds(9)).toString())
                .doesNotContain("t0ken");
    }

    private List<Turn> patchInParallel(int threads) throws InterruptedException {
        AttributePatcher patcher = stage.patcher();
        List<Callable<Turn>> calls =
                IntStream.rangeClosed(1, threads)
                        .mapToObj(id -> {
                            var who = new Participant(Given.CONVERSATION, new UUID(4, id));
                            return changes(Given.of(who, change(id, "priority", "high")));
                        })
                        .map(changes ->
                                (Callable<Turn>)
                                        () ->
                                                patcher.patch(
                                                        changes,
                                                        patcher.newPage(
                                                                List.of(changes),
                                                                Given.UNRECORDED,
                                                                Map.of())))
                        .toList();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            return executor.invokeAll(calls).stream().map(Future::resultNow).toList();
        }
    }

    private long logins() {
        return Collections.frequency(
                stage.requests().stream().map(RecordedRequest::getMethod).toList(), "POST");
    }

    private static MockResponse token(String token) {
        return answer(200, "{\"access_token\": \"" + token + "\", \"expires_in\": 100}");
    }
}
