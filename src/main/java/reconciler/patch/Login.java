package reconciler.patch;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Locale;
import java.util.random.RandomGenerator;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import reconciler.outcome.Evidence;
import reconciler.outcome.Pauses;
import reconciler.outcome.UnavailablePolicy;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The login host: client credentials in, a token out.
final class Login {
    /// The shortest life the vendor lets a token have, for an answer that does not say.
    private static final Duration SHORTEST_LIFE = Duration.ofMinutes(5);

    private final Wire wire;
    private final Request request;
    private final UnavailablePolicy policy;
    private final Pauses pauses;
    private final InstantSource clock;
    private final RandomGenerator random;

    Login(
            Wire wire,
            Request request,
            UnavailablePolicy policy,
            Pauses pauses,
            InstantSource clock,
            RandomGenerator random) {
        this.wire = wire;
        this.request = request;
        this.policy = policy;
        this.pauses = pauses;
        this.clock = clock;
        this.random = random;
    }

    /// What the login host said.
    sealed interface Reply {}

    record Minted(String token, Duration life) implements Reply {
        @Override
        public String toString() {
            return "token for " + life + " (not shown)";
        }
    }

    record Unavailable(Evidence evidence) implements Reply {}

    record Refused(String why) implements Reply {}

    /// The host that answers is not the login host, as far as its certificate says.
    record Impostor(Evidence evidence) implements Reply {}

    /// The request for a token.
    static Request request(HttpUrl loginUrl, Credentials.ClientCredentials client) {
        String pair = client.id() + ":" + client.secret();
        String basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        return new Request.Builder()
                .url(loginUrl.newBuilder().addPathSegment("oauth").addPathSegment("token").build())
                .header("Authorization", "Basic " + basic)
                .header("Accept", "application/json")
                .post(
                        new OneShot(
                                MediaType.get("application/x-www-form-urlencoded"),
                                "grant_type=client_credentials".getBytes(StandardCharsets.UTF_8)))
                .build();
    }

    /// Asks for a token. Only a refusal for asking too often is waited out here.
    Reply token() {
        Answer answer = wire.send(request.newBuilder());
        for (int failures = 1; failures < policy.attempts() && isTooOften(answer); failures++) {
            if (!pauses.pause(pause(answer, failures))) {
                break;
            }
            answer = wire.send(request.newBuilder());
        }
        return reply(answer);
    }

    private Duration pause(Answer answer, int failures) {
        Duration own = policy.backoff().pause(failures, random);
        Duration asked =
                answer instanceof Answer.Received received
                        ? RetryAfter.parse(received.header("Retry-After"), clock.instant())
                        : null;
        if (asked == null
                || asked.compareTo(own) < 0
                || asked.compareTo(policy.backoff().most()) > 0) {
            return own;
        }
        return asked;
    }

    /// The login host says 400, not 429, to a burst of token requests.
    private static boolean isTooOften(Answer answer) {
        return answer instanceof Answer.Received received
                && (received.status() == 429
                        || (received.status() == 400
                                && received.body()
                                        .toLowerCase(Locale.ROOT)
                                        .contains("rate limit exceeded")));
    }

    private static Reply reply(Answer answer) {
        Evidence evidence = new Findings(Redaction.none()).of(answer);
        return switch (answer) {
            case Answer.Received received when received.isSuccess() -> minted(received, evidence);
            case Answer.Received _ when isTooOften(answer) -> new Unavailable(evidence);
            case Answer.Received(int status, _, String body, _)
                    when status >= 300 && status < 500 && status != 408 ->
                    new Refused(refusal(status, ErrorBody.parse(body)));
            case Answer.NotSent notSent when notSent.lasting() -> new Impostor(evidence);
            case Answer.Received _, Answer.Lost _, Answer.NotSent _ -> new Unavailable(evidence);
        };
    }

    private static String refusal(int status, ErrorBody body) {
        String reason = body.oauthError() == null ? body.code() : body.oauthError();
        return "the login host answered "
                + status
                + (reason == null ? "" : " " + StorableText.bounded(reason, 128));
    }

    private static Reply minted(Answer.Received received, Evidence evidence) {
        try {
            JsonNode body = JsonMapper.shared().readTree(received.body());
            JsonNode token = body.path("access_token");
            if (received.whole() && token.isString() && isHeaderText(token.stringValue())) {
                return new Minted(token.stringValue(), life(body.path("expires_in")));
            }
        } catch (JacksonException notJson) {
            // Said below: the answer is no token.
        }
        return new Unavailable(
                evidence.withReason("token.unreadable", "the login host's answer is no token"));
    }

    private static Duration life(JsonNode seconds) {
        return seconds.isNumber() && seconds.asLong(0) > 0
                ? Duration.ofSeconds(Math.min(seconds.asLong(0), 1_000_000_000L))
                : SHORTEST_LIFE;
    }

    private static boolean isHeaderText(String token) {
        return !token.isEmpty() && token.chars().allMatch(letter -> letter > ' ' && letter < 127);
    }
}
