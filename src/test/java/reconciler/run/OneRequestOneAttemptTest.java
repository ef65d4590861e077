package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.queue.Orders.Order;

/// Promise 4: one request on the wire is one attempt row. Nothing below us re-sends silently.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class OneRequestOneAttemptTest {
    /// What happens to the first PATCH of a participant, and all that may be seen because of it.
    /// OkHttp, as it comes, follows the redirects and sends again after a 408, after a 503 with
    /// Retry-After: 0, and on another connection.
    private static final Map<String, List<String>> SEEN =
            Map.ofEntries(
                    Map.entry("302", List.of("PATCH 302", "GET 200", "PATCH 200")),
                    Map.entry("307", List.of("PATCH 307", "GET 200", "PATCH 200")),
                    Map.entry("408", List.of("PATCH 408", "GET 200", "PATCH 200")),
                    Map.entry("503 retry-after=0", List.of("PATCH 503", "GET 200", "PATCH 200")),
                    Map.entry("500-after", List.of("PATCH 500", "GET 200")),
                    Map.entry("drop", List.of("PATCH 0", "GET 200", "PATCH 200")),
                    Map.entry("drop-after", List.of("PATCH 0", "GET 200")),
                    Map.entry("html", List.of("PATCH 502", "GET 200", "PATCH 200")),
                    Map.entry("empty", List.of("PATCH 500", "GET 200", "PATCH 200")),
                    Map.entry("409", List.of("PATCH 409", "GET 200", "PATCH 200")),
                    Map.entry("400-attribute", List.of("PATCH 400")),
                    Map.entry("403-division", List.of("PATCH 403")),
                    Map.entry("429 retry-after=1", List.of("PATCH 429", "PATCH 200")),
                    Map.entry("401", List.of("PATCH 401", "PATCH 200")));

    @Test
    void the_attempts_are_the_requests_that_arrived() {
        try (var scenario = new Scenario()) {
            Map<String, Order> orders = new LinkedHashMap<>();
            SEEN.keySet()
                    .forEach(fault -> {
                        Order order = scenario.order();
                        order.queue();
                        orders.put(fault, order);
                        scenario.simulator
                                .faults()
                                .add(
                                        fault
                                                + " times=1 method=PATCH participant="
                                                + order.participant());
                    });

            scenario.run();

            Map<String, List<String>> arrived = new LinkedHashMap<>();
            orders.forEach((fault, order) -> arrived.put(fault, arrivals(scenario, order)));
            assertThat(arrived).isEqualTo(SEEN);
            ThreeBooks.of(scenario).agree();
        }
    }

    @Test
    void a_correlation_id_in_an_attempt_is_the_one_of_the_request() {
        try (var scenario = new Scenario()) {
            Order order = scenario.order();
            order.queue();
            scenario.simulator.faults().add("503 times=2");

            scenario.run();

            assertThat(
                            scenario.rows(
                                    "SELECT correlation_id FROM audit.v_attempt WHERE purpose <> 'TOKEN' ORDER BY attempt_id"))
                    .extracting(row -> row.get("correlation_id"))
                    .isEqualTo(
                            ThreeBooks.requests(scenario).stream()
                                    .map(request -> request.correlationId().toString())
                                    .toList());
        }
    }

    private static List<String> arrivals(Scenario scenario, Order order) {
        List<String> arrivals = new ArrayList<>();
        ThreeBooks.requests(scenario).stream()
                .filter(request -> request.conversationId().equals(order.conversation().toString()))
                .forEach(request -> arrivals.add(request.method() + " " + request.status()));
        return arrivals;
    }
}
