package reconciler.simulator;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Speaks to a simulator as a client would, over a real socket.
final class Caller implements AutoCloseable {

    static final String CONVERSATION = "11111111-1111-4111-8111-111111111111";
    static final String CUSTOMER = "22222222-2222-4222-8222-222222222222";
    static final String AGENT = "33333333-3333-4333-8333-333333333333";
    static final String WEB =
            "/api/v2/conversations/web/" + CONVERSATION + "/participants/" + CUSTOMER;
    static final String WEB_AGENT =
            "/api/v2/conversations/web/" + CONVERSATION + "/participants/" + AGENT;
    static final String PUBLISHED =
            "/api/v2/conversations/" + CONVERSATION + "/participants/" + CUSTOMER + "/attributes";
    static final String READ = "/api/v2/conversations/" + CONVERSATION;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Simulator simulator;

    Caller(Simulator simulator) {
        this.simulator = simulator;
    }

    /// Defaults with the tokens "good" and "reader"; one customer, one agent.
    static SettingsBuilder settings() {
        return SimulatorSettings.with()
                .tokens(Set.of("good", "other"))
                .readOnlyTokens(Set.of("reader"));
    }

    static Simulator start(SettingsBuilder settings) {
        return populated(Simulator.start(settings.build()));
    }

    static Simulator populated(Simulator simulator) {
        simulator.conversations().add(CONVERSATION, CUSTOMER, "customer");
        simulator.conversations().add(CONVERSATION, AGENT, "agent");
        return simulator;
    }

    HttpResponse<String> patch(String path, String body) throws IOException, InterruptedException {
        return send(request(path).method("PATCH", HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> patchAs(String token, String path, String body)
            throws IOException, InterruptedException {
        return send(
                request(path)
                        .setHeader("Authorization", "Bearer " + token)
                        .method("PATCH", HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> patchOfType(String contentType, String path, String body)
            throws IOException, InterruptedException {
        return send(
                request(path)
                        .setHeader("Content-Type", contentType)
                        .method("PATCH", HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return http.send(
                request.timeout(Duration.ofSeconds(10)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path))
                .header("Authorization", "Bearer good")
                .header("Content-Type", "application/json");
    }

    URI uri(String path) {
        return simulator.uri().resolve(path);
    }

    static String web(String type, String name, String value) {
        return "{\"type\":\"%s\",\"participantAttributes\":{\"%s\":\"%s\"}}"
                .formatted(type, name, value);
    }

    static String published(String name, String value) {
        return "{\"attributes\":{\"%s\":\"%s\"}}".formatted(name, value);
    }

    static JsonNode json(HttpResponse<String> response) {
        return Json.read(response.body());
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
