package reconciler.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.simulator.Caller.READ;
import static reconciler.simulator.Caller.json;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TokenEndpointTest {

    private static final String FORM = "grant_type=client_credentials";

    private final SettableTime time = new SettableTime();
    private final Simulator simulator =
            Caller.populated(
                    Simulator.start(
                            Caller.settings()
                                    .tokenLifetime(Duration.ofSeconds(30))
                                    .mintsPerMinute(2)
                                    .build(),
                            time,
                            new RecordedPause()));
    private final Caller caller = new Caller(simulator);

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void a_minted_token_opens_the_door_until_it_expires() throws Exception {
        HttpResponse<String> answer = mint("demo:demo-secret", FORM);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).path("token_type").asString()).isEqualTo("bearer");
        assertThat(json(answer).path("expires_in").asInt()).isEqualTo(30);

        String token = json(answer).path("access_token").asString();
        assertThat(readAs(token).statusCode()).isEqualTo(200);
        time.pass(Duration.ofSeconds(30));
        assertThat(readAs(token).statusCode()).isEqualTo(401);
        assertThat(json(readAs(token)).path("code").asString()).isEqualTo("credentials.expired");
    }

    @Test
    void minted_tokens_can_be_expired_at_once_and_fixed_ones_cannot() throws Exception {
        String token = json(mint("demo:demo-secret", FORM)).path("access_token").asString();

        simulator.expireTokens();

        assertThat(readAs(token).statusCode()).isEqualTo(401);
        assertThat(readAs("good").statusCode()).isEqualTo(200);
    }

    @Test
    void a_wrong_secret_is_an_invalid_client() throws Exception {
        HttpResponse<String> answer = mint("demo:guess", FORM);

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(json(answer).path("error").asString()).isEqualTo("invalid_client");
    }

    @Test
    void another_grant_is_not_supported() throws Exception {
        HttpResponse<String> answer = mint("demo:demo-secret", "grant_type=password");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("error").asString()).isEqualTo("unsupported_grant_type");
    }

    @Test
    void a_burst_of_mints_is_a_400_and_over_a_minute_later() throws Exception {
        mint("demo:demo-secret", FORM);
        mint("demo:demo-secret", FORM);

        HttpResponse<String> third = mint("demo:demo-secret", FORM);
        time.pass(Duration.ofMinutes(1));
        HttpResponse<String> later = mint("demo:demo-secret", FORM);

        assertThat(third.statusCode()).isEqualTo(400);
        assertThat(json(third).path("error").asString()).isEqualTo("invalid_request");
        assertThat(json(third).path("description").asString()).startsWith("rate limit exceeded;");
        assertThat(later.statusCode()).isEqualTo(200);
    }

    @Test
    void a_fault_strikes_the_token_endpoint_only_when_it_names_it() throws Exception {
        simulator.faults().add("503 times=1");
        assertThat(mint("demo:demo-secret", FORM).statusCode()).isEqualTo(200);

        simulator.faults().clear();
        simulator.faults().add("503 method=TOKEN");
        assertThat(mint("demo:demo-secret", FORM).statusCode()).isEqualTo(503);
    }

    private HttpResponse<String> mint(String pair, String form) throws Exception {
        String basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        return caller.send(
                HttpRequest.newBuilder(caller.uri("/oauth/token"))
                        .header("Authorization", "Basic " + basic)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    private HttpResponse<String> readAs(String token) throws Exception {
        return caller.send(
                caller.request(READ).setHeader("Authorization", "Bearer " + token).GET());
    }
}
