package reconciler.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.simulator.Caller.CONVERSATION;
import static reconciler.simulator.Caller.CUSTOMER;
import static reconciler.simulator.Caller.PUBLISHED;
import static reconciler.simulator.Caller.READ;
import static reconciler.simulator.Caller.json;
import static reconciler.simulator.Caller.published;

import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RateLimitTest {

    private final SettableTime time = new SettableTime();
    private final Simulator simulator = started(Behaviour.RateHeaders.SENT);
    private final Caller caller = new Caller(simulator);

    private Simulator started(Behaviour.RateHeaders headers) {
        return Caller.populated(
                Simulator.start(
                        Caller.settings()
                                .rateLimit(new RateLimit(2, Duration.ofSeconds(60)))
                                .rateHeaders(headers)
                                .build(),
                        time,
                        new RecordedPause()));
    }

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void the_window_opens_with_the_first_request_and_closes_a_minute_later() throws Exception {
        assertThat(write().statusCode()).isEqualTo(202);
        time.pass(Duration.ofMillis(18_500));
        HttpResponse<String> second = write();
        HttpResponse<String> third = write();
        time.pass(Duration.ofMillis(41_500));
        HttpResponse<String> afterwards = write();

        assertThat(second.statusCode()).isEqualTo(202);
        assertThat(second.headers().firstValue("inin-ratelimit-reset")).contains("42");
        assertThat(third.statusCode()).isEqualTo(429);
        assertThat(third.headers().firstValue("Retry-After")).contains("42");
        assertThat(afterwards.statusCode()).isEqualTo(202);
        assertThat(afterwards.headers().firstValue("inin-ratelimit-count")).contains("1");
    }

    @Test
    void a_429_says_so_in_the_words_of_the_api_and_applies_nothing() throws Exception {
        write();
        write();

        HttpResponse<String> answer = caller.patch(PUBLISHED, published("late", "x"));

        assertThat(json(answer).path("code").asString()).isEqualTo("too.many.requests.retry.after");
        assertThat(json(answer).path("message").asString())
                .isEqualTo("Rate limit exceeded the maximum. Retry the request in [60] seconds");
        assertThat(simulator.conversations().value(CONVERSATION, CUSTOMER, "late")).isEmpty();
    }

    @Test
    void reads_and_writes_share_the_allowance() throws Exception {
        caller.get(READ);
        caller.get(READ);

        assertThat(write().statusCode()).isEqualTo(429);
    }

    @Test
    void every_token_has_an_allowance_of_its_own() throws Exception {
        write();
        write();

        assertThat(write().statusCode()).isEqualTo(429);
        assertThat(caller.patchAs("other", PUBLISHED, published("a", "b")).statusCode())
                .isEqualTo(202);
    }

    @Test
    void the_headers_can_be_left_out_while_the_limit_holds() throws Exception {
        try (Simulator silent = started(Behaviour.RateHeaders.ABSENT);
                Caller other = new Caller(silent)) {
            HttpResponse<String> first = other.get(READ);
            other.get(READ);
            HttpResponse<String> third = other.get(READ);

            assertThat(first.headers().firstValue("inin-ratelimit-allowed")).isEmpty();
            assertThat(third.statusCode()).isEqualTo(429);
            assertThat(third.headers().firstValue("Retry-After")).contains("60");
        }
    }

    private HttpResponse<String> write() throws Exception {
        return caller.patch(PUBLISHED, published("a", "b"));
    }
}
