package reconciler.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.patch.Given.changes;
import static reconciler.patch.Stage.answer;

import java.time.Duration;
import java.util.List;
import mockwebserver3.RecordedRequest;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reconciler.outcome.Attempt;
import reconciler.outcome.Evidence;
import reconciler.outcome.Turn;

/// What a request leaves behind for the auditor.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AttemptTest {
    private static final String SECRET = "Müller, \"Anna\" +49 170 5550123";

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void an_attempt_says_what_was_sent_for_whom() {
        stage.answersPatch(answer(202, "ININ-Correlation-Id", "corr-1"));

        Turn turn = stage.patch(changes("priority", "high", "queue", "vip"));

        Attempt attempt = turn.attempts().getFirst();
        assertThat(attempt.purpose()).isEqualTo(Attempt.Purpose.PATCH);
        assertThat(attempt.participant()).isEqualTo(Given.PARTICIPANT);
        assertThat(attempt.changeIds()).isEqualTo(List.of(1L, 2L));
        assertThat(attempt.method()).isEqualTo("PATCH");
        assertThat(attempt.path())
                .isEqualTo(
                        "/api/v2/conversations/web/11111111-1111-4111-8111-111111111111"
                                + "/participants/22222222-2222-4222-8222-222222222222");
        assertThat(attempt.requestHash())
                .isEqualTo(ByteString.encodeUtf8(stage.bodies().getFirst()).sha256().hex());
        assertThat(attempt.startedAt()).isEqualTo(stage.clock.instant());
        assertThat(attempt.took()).isEqualTo(Duration.ZERO);
        assertThat(attempt.evidence()).isEqualTo(new Evidence(202, null, null, "corr-1"));
        assertThat(attempt.answer()).isNull();
    }

    @Test
    void every_request_on_the_wire_is_one_attempt() {
        stage.beforeImage = BeforeImage.READ;
        stage.verifySample = 1;
        stage.answersRead(answer(503)).answersPatch(answer(429), answer(409), answer(500));

        Turn turn = stage.patch(changes("priority", "high"));

        assertThat(turn.attempts().stream().map(Attempt::method))
                .containsExactlyElementsOf(
                        stage.requests().stream().map(RecordedRequest::getMethod).toList());
    }

    @Test
    void a_read_has_no_body_and_no_hash() {
        stage.answersPatch(answer(500));
        Turn turn = stage.patch(changes("priority", "high"));
        assertThat(turn.attempts().get(1).requestHash()).isNull();
        assertThat(turn.attempts().get(1).path()).endsWith("/conversations/" + Given.CONVERSATION);
        assertThat(stage.requests().get(1).getBodySize()).isZero();
    }

    @Test
    void the_correlation_id_may_be_in_the_body() {
        stage.answersPatch(
                answer(404, "{\"contextId\": \"corr-2\"}")
                        .newBuilder()
                        .removeHeader("ININ-Correlation-Id")
                        .build());
        Turn turn = stage.patch(changes("priority", "high"));
        assertThat(turn.settlements().getFirst().evidence().correlationId()).isEqualTo("corr-2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Value [" + SECRET + "] is refused",
                "{\"message\": \"Value [Müller, \\\"Anna\\\" +49 170 5550123] is refused\"}",
                "{\"message\": \"Value [M\\u00fcller, \\\"Anna\\\" +49 170 5550123] is refused\"}",
                "{\"errors\": [{\"fieldName\": \"name\", \"message\": \"x"
                        + "Müller, \\\"Anna\\\" +49 170 5550123\"}]}"
            })
    void a_value_that_the_api_quotes_is_not_kept(String body) {
        stage.answersPatch(answer(400, body));

        Turn turn = stage.patch(changes("name", SECRET));

        assertThat(turn.attempts().toString() + turn.settlements().getFirst().evidence())
                .contains("[value]")
                .doesNotContain("5550123", "ller, ");
    }

    @Test
    void a_short_value_does_not_eat_numbers() {
        var redaction = new Redaction(changes("flag", "1", "empty", "", "code", "(x").changes());
        assertThat(redaction.apply("1 of 100, v1, [1] f(x)"))
                .isEqualTo("[value] of 100, v1, [[value]] f[value])");
    }

    @Test
    void what_the_api_says_is_storable_and_bounded() {
        assertThat(StorableText.of("a\u0000b\u001bc\td\ne\ud83d"))
                .isEqualTo("a\uFFFDb\uFFFDc\td\ne\uFFFD");
        assertThat(StorableText.bounded("üüü", 5)).isEqualTo("üü");
        assertThat(StorableText.bounded("😀😀", 7)).isEqualTo("😀");
        assertThat(StorableText.bounded("short", 5)).isEqualTo("short");
        assertThat(StorableText.isUnicode("😀 ü \u0001 \u202Eabc")).isTrue();
        assertThat(StorableText.isUnicode("\ude00\ud83d")).isFalse();
    }
}
