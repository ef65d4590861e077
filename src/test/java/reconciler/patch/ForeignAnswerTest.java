package reconciler.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.change.ChangeState.FAILED;
import static reconciler.outcome.ConfirmedBy.ACCEPTED;
import static reconciler.outcome.ConfirmedBy.READ_BACK;
import static reconciler.patch.Given.PARTICIPANT;
import static reconciler.patch.Given.changes;
import static reconciler.patch.Stage.answer;
import static reconciler.patch.Stage.page;
import static reconciler.patch.TurnAssert.assertThatChange;
import static reconciler.patch.TurnAssert.purposes;

import java.time.Duration;
import java.util.Collections;
import java.util.Objects;
import mockwebserver3.MockResponse;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reconciler.outcome.Attempt;
import reconciler.outcome.Disposition;
import reconciler.outcome.Turn;

/// What a firewall, a proxy or a maintenance page answers in the API's place is no verdict on a row
/// and no word on credentials; whether the request was passed on, only a read can tell.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ForeignAnswerTest {
    private static final MockResponse BLOCKED = page(403, "<title>Access denied</title>");

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 202, 300, 302, 307, 400, 401, 403, 404, 409, 413, 451, 500, 502, 503})
    void a_page_on_a_patch_is_read_back_and_what_is_not_there_is_sent_again(int status) {
        stage.answersPatch(page(status, "<title>Access denied</title>"));

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn).isApplied(ACCEPTED).isNotInDoubt().afterAttempts(2);
        assertThat(purposes(turn)).isEqualTo("PATCH READ_BACK PATCH");
        assertThat(turn.attempts().getFirst().evidence().code()).isEqualTo("answer.foreign");
        assertThat(turn.attempts().getFirst().answer()).isNull();
        assertThat(stage.patcher().halt()).isNull();
    }

    @Test
    void what_was_passed_on_after_all_is_applied_by_read_back() {
        stage.has(PARTICIPANT, "customer", "priority", "high");
        stage.answersPatch(page(200, "<title>Checked by your proxy</title>"));
        assertThatChange(1, stage.patch(changes("priority", "high")))
                .isApplied(READ_BACK)
                .isInDoubt()
                .afterAttempts(1);
    }

    @Test
    void a_patch_that_never_gets_through_leaves_the_row_pending() {
        stage.patch(changes("other", "1"));
        stage.answersPatch(BLOCKED, BLOCKED, BLOCKED);

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn)
                .goesTo(new Disposition.Deferred(Duration.ofSeconds(30)))
                .isNotInDoubt()
                .afterAttempts(3)
                .withCode("answer.foreign");
        assertThat(stage.patcher().halt()).isNull();
        assertThatChange(1, stage.patch(changes("more", "2"))).isApplied(ACCEPTED);
    }

    @Test
    void a_read_back_that_never_gets_through_leaves_the_row_pending_in_doubt() {
        stage.patch(changes("other", "1"));
        stage.answersPatch(BLOCKED).answersRead(BLOCKED, BLOCKED, BLOCKED);

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn)
                .goesTo(new Disposition.Deferred(Duration.ofSeconds(30)))
                .isInDoubt();
    }

    @Test
    void a_firewall_from_the_first_request_on_ends_the_run_and_says_what_came() {
        stage.answersPatch(BLOCKED).answersRead(BLOCKED, BLOCKED, BLOCKED);

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn)
                .goesTo(new Disposition.Deferred(Duration.ofSeconds(30)))
                .isInDoubt();
        assertHalted(
                Halt.Kind.UNAVAILABLE,
                "what answers at the API's host is not the API: 403 answer.foreign, not an answer of"
                        + " the API: text/html from \"nginx\", titled \"Access denied\"");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 302, 401, 403, 404, 451, 503})
    void a_page_on_a_read_says_nothing_of_credentials_or_the_row(int status) {
        stage.beforeImage = BeforeImage.READ;
        stage.answersRead(page(status, "<html>"), page(status, "<html>"));

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn).isApplied(ACCEPTED);
        assertThat(stage.methods()).isEqualTo("GET GET GET PATCH");
        assertThat(stage.patcher().halt()).isNull();
    }

    @Test
    void a_firewall_that_lets_reads_through_and_no_patch_ends_the_run() {
        stage.breaker =
                new BreakerSettings(
                        4, 1, Duration.ofSeconds(10), Duration.ofMinutes(1), 2, 1_000_000);
        stage.answersPatch(Collections.nCopies(20, BLOCKED).toArray(MockResponse[]::new));

        for (int i = 0; i < 3; i++) {
            stage.patch(changes("priority", "high"));
        }

        assertHalted(
                Halt.Kind.BROKEN,
                "the last 4 PATCHes were not answered by the API but by something in between: 403"
                        + " text/html from \"nginx\", titled \"Access denied\" (not the API)");
        assertThat(stage.bodies()).hasSize(4);
    }

    @Test
    void successes_in_json_of_another_shape_are_read_back_and_do_not_open_the_breaker() {
        stage.breaker =
                new BreakerSettings(2, 0.5, Duration.ofSeconds(10), Duration.ofMinutes(1), 1, 1);
        MockResponse odd =
                answer(200, "{\"done\": true}")
                        .newBuilder()
                        .removeHeader("ININ-Correlation-Id")
                        .build();
        stage.has(PARTICIPANT, "customer", "priority", "high");
        for (int i = 0; i < 6; i++) {
            stage.answersPatch(odd);
            assertThatChange(1, stage.patch(changes("priority", "high"))).isApplied(READ_BACK);
        }
        assertThat(stage.patcher().halt()).isNull();
    }

    @Test
    void a_401_with_the_challenge_of_who_takes_tokens_is_a_word_on_the_token() {
        stage.credentials = new Credentials.ClientCredentials("id", "secret");
        stage.answersPatch(
                page(401, "<html>")
                        .newBuilder()
                        .addHeader("WWW-Authenticate", "Bearer error=\"invalid_token\"")
                        .build());
        assertThatChange(1, stage.patch(changes("priority", "high"))).isApplied(ACCEPTED);
        assertThat(stage.methods()).isEqualTo("POST PATCH POST PATCH");
    }

    @Test
    void pages_open_the_breaker() {
        stage.breaker =
                new BreakerSettings(4, 0.5, Duration.ofSeconds(10), Duration.ofMinutes(1), 1, 1);
        stage.answersPatch(BLOCKED).answersRead(BLOCKED, BLOCKED, BLOCKED);
        stage.patch(changes("other", "1"));
        assertHalted(
                Halt.Kind.BROKEN,
                "4 of the last 4 requests failed, 4 of them with 403 text/html from \"nginx\"");
    }

    @Test
    void the_pause_that_a_maintenance_page_asks_for_is_kept_up_to_max_wait() {
        MockResponse page = page(503, "<html>");
        stage.answersPatch(
                page.newBuilder().addHeader("Retry-After", "100").build(),
                page.newBuilder().addHeader("Retry-After", "86400").build());

        stage.patch(changes("priority", "high"));

        assertThat(stage.clock.pauses())
                .containsExactly(Duration.ofSeconds(100), Duration.ofMinutes(3));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "web | 200 | application/json | ''",
                "web | 200 | application/json | {\"id\": \"33333333-3333-4333-8333-333333333333\", \"participantAttributes\": {\"priority\": \"high\"}}",
                "web | 200 | application/json | {\"id\": \"22222222-2222-4222-8222-222222222222\"}",
                "web | 200 | application/json | {\"participantAttributes\": [\"priority\"]}",
                "web | 200 | application/json | {\"participantAttributes\": {\"priority\": \"hi",
                "web | 200 | application/json | []",
                "web | 202 | application/json | {\"status\": \"ok\"}",
                "web | 203 | application/json | {\"participantAttributes\": {\"priority\": \"high\"}}",
                "web | 206 | application/json | {\"participantAttributes\": {\"priority\": \"high\"}}",
                "web | 299 | application/json | ''",
                "web | 200 | text/plain | {\"participantAttributes\": {\"priority\": \"high\"}}",
                "attributes | 200 | application/json | ''",
                "attributes | 204 | application/json | ''",
                "attributes | 202 | application/json | {\"participantAttributes\": {\"priority\": \"high\"}}",
            })
    void a_success_that_is_not_as_the_contract_promises_is_read_back(
            String contract, int status, String mediaType, String body) {
        stage.contract = ApiContract.parse(contract);
        stage.answersPatch(
                answer(status, "Content-Type", mediaType).newBuilder().body(body).build());

        Turn turn = stage.patch(changes("priority", "high"));

        assertThat(purposes(turn)).isEqualTo("PATCH READ_BACK PATCH");
        assertThatChange(1, turn).isApplied(ACCEPTED).afterAttempts(2).isNotInDoubt();
    }

    @Test
    void an_empty_success_where_the_values_are_promised_is_read_back_each_time() {
        stage.contract = ApiContract.parse("attributes:calls");
        Turn turn = stage.patch(changes("priority", "high"));
        assertThatChange(1, turn).isApplied(READ_BACK).afterAttempts(1);
        assertThat(purposes(turn)).isEqualTo("PATCH READ_BACK");
    }

    @Test
    void a_success_that_never_is_as_promised_failed_and_says_why() {
        MockResponse odd = answer(200, "{\"ok\": true}");
        stage.answersPatch(odd, odd, odd);

        assertThatChange(1, stage.patch(changes("priority", "high")))
                .is(FAILED)
                .withCode("answer.unexpected")
                .withMessage(
                        "the answer is no JSON object with participantAttributes; read back, the"
                                + " API shows no value");
    }

    @Test
    void a_body_beyond_all_bounds_is_no_success() {
        stage.answersPatch(
                answer(
                        200,
                        "{\"x\": \""
                                + "y".repeat(3_000_000)
                                + "\", \"participantAttributes\": {\"priority\": \"high\"}}"));
        Turn turn = stage.patch(changes("priority", "high"));
        assertThat(purposes(turn)).isEqualTo("PATCH READ_BACK PATCH");
        assertThat(turn.attempts().getFirst().evidence().code()).isEqualTo("answer.too.large");
    }

    @Test
    void a_body_that_unpacks_to_gigabytes_is_no_success() throws Exception {
        var bomb = new Buffer();
        try (var gzip = new java.util.zip.GZIPOutputStream(bomb.outputStream())) {
            gzip.write("{\"x\": \"".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            var zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                gzip.write(zeros);
            }
        }
        stage.answersPatch(
                answer(200, "Content-Type", "application/json")
                        .newBuilder()
                        .addHeader("Content-Encoding", "gzip")
                        .body(bomb)
                        .build());
        Turn turn = stage.patch(changes("priority", "high"));
        assertThat(purposes(turn)).isEqualTo("PATCH READ_BACK PATCH");
        assertThat(turn.attempts().getFirst().evidence().code()).isEqualTo("answer.too.large");
    }

    @Test
    void another_conversation_than_the_one_asked_for_is_not_read() {
        stage.beforeImage = BeforeImage.READ;
        stage.answersRead(
                answer(
                        200,
                        """
                        {"id": "99999999-9999-4999-8999-999999999999", "participants":
                          [{"id": "%s", "purpose": "customer", "attributes": {"priority": "high"}}]}\
                        """
                                .formatted(PARTICIPANT.participantId())));

        Turn turn = stage.patch(changes("priority", "high"));

        assertThat(turn.attempts().getFirst().purpose()).isEqualTo(Attempt.Purpose.BEFORE_IMAGE);
        assertThat(turn.attempts().getFirst().evidence().code()).isEqualTo("answer.unreadable");
        assertThatChange(1, turn).isApplied(ACCEPTED);
    }

    private void assertHalted(Halt.Kind kind, String words) {
        Halt halt = Objects.requireNonNull(stage.patcher().halt());
        assertThat(halt.message()).contains(words).doesNotContain("null");
        assertThat(halt.kind()).isEqualTo(kind);
    }
}
