package reconciler.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.patch.Stage.answer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reconciler.outcome.Attempt;

/// The difference between "nothing was sent" and "nobody knows", and the bounds of an answer.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class WireTest {
    private final Stage stage = new Stage();
    private final OkHttpClient client = HttpClients.of(1, stage.timeout);

    @AfterEach
    void close() {
        client.connectionPool().evictAll();
        stage.close();
    }

    @ParameterizedTest
    @CsvSource({
        "http://nobody.invalid:{port}/, host.unknown",
        "http://127.0.0.1:1/, connection.failed"
    })
    void what_never_left_this_machine_was_not_sent(String url, String code) {
        Answer answer = patch(HttpUrl.get(url.replace("{port}", "" + stage.server.getPort())));
        assertThat(answer)
                .isInstanceOfSatisfying(
                        Answer.NotSent.class, sent -> assertThat(sent.code()).isEqualTo(code));
        assertThat(stage.requests()).isEmpty();
    }

    @Test
    void what_failed_in_the_handshake_was_not_sent() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answerInPlainText(server));

            Answer answer = patch(HttpUrl.get("https://127.0.0.1:" + server.getLocalPort() + "/"));

            assertThat(answer)
                    .isInstanceOfSatisfying(
                            Answer.NotSent.class,
                            sent -> assertThat(sent.code()).isEqualTo("tls.failed"));
        }
    }

    private static void answerInPlainText(ServerSocket server) {
        try (Socket socket = server.accept()) {
            socket.getOutputStream()
                    .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readNBytes(1);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    @Test
    void no_more_of_an_answer_is_read_than_is_useful() {
        stage.answersPatch(answer(500, "x".repeat(5_000_000)));
        stage.answersRead(answer(200, "x".repeat(5_000_000)));
        HttpUrl url = stage.server.url("/");

        assertThat(patch(url))
                .isInstanceOfSatisfying(
                        Answer.Received.class, r -> assertThat(r.body()).hasSize(64 << 10));
        assertThat(
                        new Wire(client)
                                .send(
                                        new ApiRequest(
                                                Attempt.Purpose.ROLE,
                                                Given.PARTICIPANT,
                                                List.of(),
                                                "GET",
                                                url,
                                                null),
                                        "token"))
                .isInstanceOfSatisfying(
                        Answer.Received.class, r -> assertThat(r.body()).hasSize(4 << 20));
    }

    private Answer patch(HttpUrl url) {
        return new Wire(client)
                .send(
                        new ApiRequest(
                                Attempt.Purpose.PATCH,
                                Given.PARTICIPANT,
                                List.of(),
                                "PATCH",
                                url,
                                "{}"),
                        "token");
    }
}
