package reconciler.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.patch.Stage.answer;

import java.util.List;
import mockwebserver3.MockResponse;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reconciler.outcome.Attempt;

/// OkHttp repeats requests behind the caller's back. Each answer that makes it do so is one request
/// on the wire here.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SilentRetryTest {
    private final Stage stage = new Stage();
    private final OkHttpClient client = HttpClients.of(1, stage.timeout);

    @AfterEach
    void close() {
        client.connectionPool().evictAll();
        stage.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308, 401, 408, 421, 429, 500, 503})
    void a_patch_is_sent_once_whatever_the_answer(int status) {
        stage.answersPatch(tempting(status));
        assertThat(send("PATCH", "{}")).isEqualTo(status);
        assertThat(stage.methods()).isEqualTo("PATCH");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308, 401, 408, 421, 429, 500, 503})
    void a_read_is_sent_once_whatever_the_answer(int status) {
        stage.answersRead(tempting(status));
        assertThat(send("GET", null)).isEqualTo(status);
        assertThat(stage.methods()).isEqualTo("GET");
    }

    private static MockResponse tempting(int status) {
        return answer(status)
                .newBuilder()
                .addHeader("Retry-After", "0")
                .addHeader("Location", "/elsewhere")
                .addHeader("WWW-Authenticate", "Basic realm=\"x\"")
                .build();
    }

    private int send(String method, @Nullable String body) {
        HttpUrl url = stage.server.url("/api");
        Attempt.Purpose purpose = body == null ? Attempt.Purpose.READ_BACK : Attempt.Purpose.PATCH;
        Answer answer =
                new Wire(client)
                        .send(
                                new ApiRequest(
                                        purpose, Given.PARTICIPANT, List.of(), method, url, body),
                                "token");
        return answer instanceof Answer.Received received ? received.status() : -1;
    }
}
