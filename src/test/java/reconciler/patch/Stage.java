package reconciler.patch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;
import reconciler.change.Participant;
import reconciler.change.ParticipantChanges;
import reconciler.outcome.Policies;
import reconciler.outcome.Turn;
import tools.jackson.databind.json.JsonMapper;

/// A patcher in front of a server on a real socket. The server answers as it is scripted, one
/// answer per request of its kind; without a script a PATCH is accepted and remembered, a GET shows
/// the conversation, a POST gives a token.
final class Stage extends Dispatcher implements AutoCloseable {
    final MockWebServer server = new MockWebServer();
    final TestClock clock = new TestClock();
    final OpenPace pace = new OpenPace();
    final AtomicBoolean cleared = new AtomicBoolean(true);
    ApiContract contract = new WebContract();
    Policies policies = Given.POLICIES;
    BeforeImage beforeImage = BeforeImage.OFF;
    double verifySample;
    BreakerSettings breaker = BreakerSettings.DEFAULT;
    int inFlight = 8;
    Duration timeout = Duration.ofSeconds(5);
    Credentials credentials = new Credentials.AccessToken("top-secret-token");

    private final Map<String, Deque<MockResponse>> scripts = new HashMap<>();
    private final List<RecordedRequest> requests = new ArrayList<>();
    private final Map<UUID, String> purposes = new HashMap<>();
    private final Map<UUID, Map<String, String>> attributes = new HashMap<>();
    private boolean forgetful;
    private @Nullable AttributePatcher patcher;

    Stage() {
        server.setServerSocketFactory(new PromptSockets());
        server.setDispatcher(this);
        try {
            server.start(0);
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
        has(Given.PARTICIPANT, "customer");
        has(Given.COLLEAGUE, "agent");
    }

    AttributePatcher patcher() {
        if (patcher == null) {
            URI url = URI.create("http://127.0.0.1:" + server.getPort());
            patcher =
                    new AttributePatcher(
                            new ApiSettings(url, url, contract, credentials),
                            new PatchSettings(
                                    inFlight,
                                    timeout,
                                    policies,
                                    beforeImage,
                                    verifySample,
                                    breaker),
                            pace,
                            cleared::get,
                            clock,
                            clock,
                            new Random(1));
        }
        return patcher;
    }

    Turn patch(ParticipantChanges changes) {
        return patcher()
                .patch(changes, patcher().newPage(List.of(changes), Given.UNRECORDED, Map.of()));
    }

    /// The next PATCHes are answered like this, in this order.
    Stage answersPatch(MockResponse... answers) {
        script("PATCH").addAll(List.of(answers));
        return this;
    }

    Stage answersRead(MockResponse... answers) {
        script("GET").addAll(List.of(answers));
        return this;
    }

    Stage answersLogin(MockResponse... answers) {
        script("POST").addAll(List.of(answers));
        return this;
    }

    synchronized Stage has(Participant participant, String purpose, String... namesAndValues) {
        purposes.put(participant.participantId(), purpose);
        Map<String, String> values =
                attributes.computeIfAbsent(participant.participantId(), _ -> new HashMap<>());
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return this;
    }

    synchronized Stage lacks(Participant participant) {
        purposes.remove(participant.participantId());
        return this;
    }

    /// Says yes to a PATCH and loses it.
    synchronized Stage forgets() {
        forgetful = true;
        return this;
    }

    synchronized List<RecordedRequest> requests() {
        return List.copyOf(requests);
    }

    /// `PATCH GET PATCH`
    String methods() {
        return String.join(" ", requests().stream().map(RecordedRequest::getMethod).toList());
    }

    List<String> bodies() {
        return requests().stream()
                .filter(request -> request.getMethod().equals("PATCH"))
                .map(Stage::body)
                .toList();
    }

    static String body(RecordedRequest request) {
        return request.getBody() == null ? "" : request.getBody().utf8();
    }

    /// An answer of the API: with a correlation id.
    static MockResponse answer(int status) {
        return ofApi(status).build();
    }

    /// An answer of the API in JSON, or what is not one.
    static MockResponse answer(int status, String body) {
        return body.startsWith("<")
                ? page(status, body)
                : ofApi(status).addHeader("Content-Type", "application/json").body(body).build();
    }

    static MockResponse answer(int status, String header, String value) {
        return ofApi(status).setHeader(header, value).build();
    }

    /// What a firewall or a proxy answers in the API's place.
    static MockResponse page(int status, String html) {
        return new MockResponse.Builder()
                .code(status)
                .addHeader("Content-Type", "text/html; charset=utf-8")
                .addHeader("Server", "nginx")
                .body(html)
                .build();
    }

    private static MockResponse.Builder ofApi(int status) {
        return new MockResponse.Builder()
                .code(status)
                .addHeader("ININ-Correlation-Id", "00000000-0000-4000-8000-000000000000");
    }

    /// An error body with one entry that names a field.
    static MockResponse refusalOf(String field) {
        return answer(
                400,
                """
                {"code": "invalid_request_body", "message": "refused", "errors":
                  [{"field": "%s", "code": "invalid.value", "message": "not like this"}]}\
                """
                        .formatted(field));
    }

    @Override
    public MockResponse dispatch(RecordedRequest request) {
        MockResponse scripted;
        synchronized (this) {
            requests.add(request);
            if (!request.getMethod().equals("PATCH")) {
                // The PATCH before broke off within its body and was never dispatched.
                script("PATCH").removeIf(answer -> answer.getOnRequestBody() != null);
            }
            scripted = script(request.getMethod()).poll();
        }
        return scripted == null ? unscripted(request) : scripted;
    }

    /// What happens to a request before it is dispatched is decided here, for PATCHes only.
    @Override
    public synchronized MockResponse peek() {
        MockResponse next = script("PATCH").peek();
        if (next == null) {
            return super.peek();
        }
        return next.getOnRequestStart() == null ? next : script("PATCH").remove();
    }

    /// The conversation as it would be read now.
    synchronized MockResponse conversationNow() {
        return answer(200, conversation());
    }

    private synchronized MockResponse unscripted(RecordedRequest request) {
        return switch (request.getMethod()) {
            case "PATCH" -> {
                if (!forgetful) {
                    apply(request);
                }
                yield answer(202);
            }
            case "GET" -> conversationNow();
            default -> answer(200, "{\"access_token\": \"minted\", \"expires_in\": 86400}");
        };
    }

    private void apply(RecordedRequest request) {
        var segments = request.getUrl().pathSegments();
        UUID participant = UUID.fromString(segments.get(segments.indexOf("participants") + 1));
        JsonMapper.shared()
                .readTree(body(request))
                .path(contract.container())
                .properties()
                .forEach(attribute ->
                        attributes
                                .computeIfAbsent(participant, _ -> new HashMap<>())
                                .put(attribute.getKey(), attribute.getValue().stringValue()));
    }

    private String conversation() {
        var json = JsonMapper.shared().createObjectNode();
        var participants = json.putArray("participants");
        purposes.forEach((id, purpose) -> {
            var participant = participants.addObject();
            participant.put("id", id.toString()).put("purpose", purpose);
            var values = participant.putObject("attributes");
            attributes.getOrDefault(id, Map.of()).forEach(values::put);
        });
        return json.toString();
    }

    private synchronized Deque<MockResponse> script(String method) {
        return scripts.computeIfAbsent(method, _ -> new ArrayDeque<>());
    }

    @Override
    public void close() {
        if (patcher != null) {
            patcher.close();
        }
        server.close();
    }
}
