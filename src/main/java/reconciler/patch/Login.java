package reconciler.patch;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reconciler.outcome.Attempt;
import reconciler.outcome.Evidence;
import reconciler.outcome.Pauses;
import reconciler.outcome.Policies;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The login host: client credentials in, a token out.
final class Login {
    private static final Logger LOG = LoggerFactory.getLogger(Login.class);

    /// The shortest life the vendor lets a token have, for an answer that does not say.
    private static final Duration SHORTEST_LIFE = Duration.ofMinutes(5);

    private final Wire wire;
    private final Request request;
    private final Policies policies;
    private final Pauses pauses;
    private final DeadlineClock clock;
    private final RandomGenerator random;
    private final LooseAttempts attempts;

    Login(
            Wire wire,
            Request request,
            Policies policies,
            Pauses pauses,
            DeadlineClock clock,
            RandomGenerator random,
            LooseAttempts attempts) {
        this.wire = wire;
        this.request = request;
        this.policies = policies;
        this.pauses = pauses;
        this.clock = clock;
        this.random = random;
        this.attempts = attempts;
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

    /// The proxy before the login host wants another login.
    record WrongProxy(String why) implements Reply {}

    /// It was waited for in vain.
    record GivenUp(String why) implements Reply {}

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

    /// Asks for a token. An answer that may be another one in a while is waited out as a 429 of the
    /// API is: for the pause it asks for, or else a growing one, up to `throttled.max-wait`
    /// altogether.
    ///
    /// @param patient false where there is still a token that serves: nothing is waited out
    Reply token(boolean patient) {
        Answer answer = ask();
        Duration waited = Duration.ZERO;
        for (int failures = 1; patient && mayPass(answer); failures++) {
            Duration pause = pause(answer, failures);
            if (waited.plus(pause).compareTo(policies.throttled().maxWait()) > 0) {
                return new GivenUp(inVain(answer, waited, pause));
            }
            LOG.warn(
                    "the login host has no token for now, it is asked again in {} s: {}",
                    pause.toSeconds(),
                    evidence(answer).inWords());
            if (!pauses.pause(pause)) {
                return new Unavailable(evidence(answer));
            }
            waited = waited.plus(pause);
            answer = ask();
        }
        return reply(answer);
    }

    /// What was sent and what came back are secrets: neither is kept, not even as a hash.
    private Answer ask() {
        Instant startedAt = clock.instant();
        long began = clock.nanoTime();
        Answer answer = wire.send(request.newBuilder());
        if (answer.wasSent()) {
            attempts.add(
                    new Attempt(
                            Attempt.Purpose.TOKEN,
                            null,
                            List.of(),
                            request.method(),
                            request.url().encodedPath(),
                            null,
                            startedAt,
                            Duration.ofNanos(clock.nanoTime() - began),
                            new Findings(Redaction.none()).of(answer),
                            null));
        }
        return answer;
    }

    private Duration pause(Answer answer, int failures) {
        Duration own = policies.unavailable().backoff().pause(failures, random);
        Duration asked =
                answer instanceof Answer.Received received
                        ? RetryAfter.of(received, clock.instant())
                        : null;
        return asked == null || asked.compareTo(own) < 0 ? own : asked;
    }

    private String inVain(Answer answer, Duration waited, Duration pause) {
        return "the login host "
                + request.url().host()
                + " gave no token in "
                + waited.toSeconds()
                + " s, and the next pause of "
                + pause.toSeconds()
                + " s is longer than what throttled.max-wait leaves: "
                + evidence(answer).inWords();
    }

    /// Whether another answer may come in a while: too often asked, out of order, or the answer of
    /// something in between.
    private static boolean mayPass(Answer answer) {
        return switch (answer) {
            case Answer.Received received when received.isSuccess() ->
                    !received.whole() || isPage(received);
            case Answer.Received received -> isTooOften(received) || !isRefusal(received);
            case Answer.Lost _ -> true;
            case Answer.NotSent _ -> false;
        };
    }

    /// The login host says 400, not 429, to a burst of token requests.
    private static boolean isTooOften(Answer.Received received) {
        return received.status() == 429
                || (received.status() == 400
                        && received.body()
                                .toLowerCase(Locale.ROOT)
                                .contains("rate limit exceeded"));
    }

    /// Whether the login host itself says no: in JSON with an error, or with a bare 401.
    private static boolean isRefusal(Answer.Received received) {
        if (received.status() < 400 || received.status() >= 500 || received.status() == 408) {
            return false;
        }
        if (received.body().isBlank()) {
            return received.status() == 401;
        }
        return !isPage(received) && refusalCode(received) != null;
    }

    private static boolean isPage(Answer.Received received) {
        String mediaType = received.mediaType();
        return mediaType == null
                ? !received.body().stripLeading().startsWith("{")
                : !ForeignAnswer.isJson(mediaType);
    }

    private static @Nullable String refusalCode(Answer.Received received) {
        ErrorBody body = ErrorBody.parse(received.body());
        String code = body.oauthError() == null ? body.code() : body.oauthError();
        return code != null && code.matches("[A-Za-z0-9._-]{1,128}") ? code : null;
    }

    private static Reply reply(Answer answer) {
        return switch (answer) {
            case Answer.Received received when received.isSuccess() -> minted(received);
            case Answer.Received received when !mayPass(answer) ->
                    new Refused("the login host answered " + refusal(received));
            case Answer.NotSent notSent when notSent.lasting() == Halt.Kind.PROXY ->
                    new WrongProxy(notSent.message());
            case Answer.NotSent notSent when notSent.lasting() != null ->
                    new Impostor(evidence(answer));
            case Answer.Received _, Answer.Lost _, Answer.NotSent _ ->
                    new Unavailable(evidence(answer));
        };
    }

    private static String refusal(Answer.Received received) {
        String code = refusalCode(received);
        return received.status() + (code == null ? "" : " " + code);
    }

    /// Of the login host's texts no more than its code and whose answer it is: it was sent a
    /// secret.
    private static Evidence evidence(Answer answer) {
        return switch (answer) {
            case Answer.Received received -> {
                String code = refusalCode(received);
                yield new Evidence(
                        received.status(),
                        code == null ? "http." + received.status() : code,
                        ForeignAnswer.inWords(received, Redaction.none()),
                        null);
            }
            case Answer.Lost(String code, String message) -> Evidence.of(code, message);
            case Answer.NotSent(String code, String message, _) -> Evidence.of(code, message);
        };
    }

    private static Reply minted(Answer.Received received) {
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
                evidence(received)
                        .withReason("token.unreadable", "the login host's answer is no token"));
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
