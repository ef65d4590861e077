package reconciler.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.simulator.Caller.PUBLISHED;
import static reconciler.simulator.Caller.published;

import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class WireTest {

    private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private final Simulator simulator =
            Caller.populated(
                    Simulator.start(
                            Caller.settings()
                                    .rateLimit(new RateLimit(1, Duration.ofSeconds(60)))
                                    .build(),
                            new SettableTime(),
                            new RecordedPause()));

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void the_headers_of_a_success_are_spelled_as_the_real_api_spells_them() throws Exception {
        String answer =
                RawConnection.patch(simulator, PUBLISHED, published("a", "b"), "Connection: close");

        assertThat(answer.lines())
                .startsWith("HTTP/1.1 202 Accepted")
                .contains("inin-ratelimit-count: 1")
                .contains("inin-ratelimit-allowed: 1")
                .contains("inin-ratelimit-reset: 60")
                .anyMatch(line -> line.matches("ININ-Correlation-Id: " + UUID));
        assertThat(answer).endsWith("\r\n\r\n");
    }

    @Test
    void the_headers_of_a_429_are_spelled_as_the_real_api_spells_them() throws Exception {
        RawConnection.patch(simulator, PUBLISHED, published("a", "b"), "Connection: close");

        String answer =
                RawConnection.patch(simulator, PUBLISHED, published("a", "c"), "Connection: close");

        assertThat(answer.lines())
                .startsWith("HTTP/1.1 429 Too Many Requests")
                .contains("Retry-After: 60")
                .contains("Content-Type: application/json")
                .contains("inin-ratelimit-count: 2")
                .anyMatch(line -> line.matches("ININ-Correlation-Id: " + UUID));
    }

    @Test
    void a_connection_can_be_closed_after_an_answer_that_promised_to_keep_it() throws Exception {
        simulator.faults().add("close-idle times=1");

        String answer = RawConnection.patch(simulator, PUBLISHED, published("a", "b"));

        assertThat(answer).startsWith("HTTP/1.1 202");
        assertThat(answer.toLowerCase(Locale.ROOT)).doesNotContain("connection: close");
    }

    @Test
    void nothing_at_all_is_sent_when_the_answer_is_dropped() throws Exception {
        simulator.faults().add("drop-after");

        assertThat(RawConnection.patch(simulator, PUBLISHED, published("a", "b"))).isEmpty();
    }
}
