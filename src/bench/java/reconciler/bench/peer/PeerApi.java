package reconciler.bench.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/// The PATCH as everybody sends it: OkHttp with as many kept connections as there are calls.
final class PeerApi {
    private static final MediaType JSON = MediaType.get("application/json");
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final OkHttpClient http;
    private final String baseUrl;
    private final String token;

    PeerApi(String baseUrl, String token, int inFlight) {
        this.baseUrl = baseUrl;
        this.token = token;
        http =
                new OkHttpClient.Builder()
                        .callTimeout(TIMEOUT)
                        .connectionPool(new ConnectionPool(inFlight, 30, TimeUnit.SECONDS))
                        .build();
    }

    /// @param retryAfter what a 429 asked for; zero otherwise
    record Reply(int status, Duration retryAfter) {
        boolean isThrottled() {
            return status == 429;
        }
    }

    Reply patch(PeerTables.Item item) {
        return patch(
                item.conversationId(),
                item.participantId(),
                "{\"type\":\"%s\",\"participantAttributes\":{\"%s\":\"%s\"}}"
                        .formatted(item.role(), item.name(), item.value()));
    }

    Reply patch(UUID conversation, UUID participant, String body) {
        var request =
                new Request.Builder()
                        .url(
                                baseUrl
                                        + "/api/v2/conversations/web/"
                                        + conversation
                                        + "/participants/"
                                        + participant)
                        .header("Authorization", "Bearer " + token)
                        .patch(RequestBody.create(body, JSON))
                        .build();
        try (Response response = http.newCall(request).execute()) {
            response.body().bytes();
            String after = response.header("Retry-After", "0");
            return new Reply(
                    response.code(),
                    response.code() == 429
                            ? Duration.ofSeconds(Long.parseLong(after))
                            : Duration.ZERO);
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }
}
