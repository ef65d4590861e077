package reconciler.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static reconciler.simulator.Caller.AGENT;
import static reconciler.simulator.Caller.CONVERSATION;
import static reconciler.simulator.Caller.CUSTOMER;
import static reconciler.simulator.Caller.PUBLISHED;
import static reconciler.simulator.Caller.READ;
import static reconciler.simulator.Caller.WEB;
import static reconciler.simulator.Caller.published;
import static reconciler.simulator.Caller.web;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LedgerTest {

    private final SettableTime time = new SettableTime();

    private Simulator started(SettingsBuilder settings, Pause pause) {
        return Caller.populated(Simulator.start(settings.build(), time, pause));
    }

    @Test
    void every_write_is_there_with_its_order_its_time_and_its_answer() throws Exception {
        try (Simulator simulator = started(Caller.settings(), new RecordedPause());
                Caller caller = new Caller(simulator)) {
            HttpResponse<String> first = caller.patch(WEB, web("contact", "a", "1"));
            time.pass(Duration.ofSeconds(5));
            caller.patchAs("other", PUBLISHED, published("a", "2"));

            List<AppliedWrite> writes = simulator.ledger().writesTo(CONVERSATION, CUSTOMER);

            assertThat(writes).extracting(AppliedWrite::sequence).containsExactly(1L, 2L);
            assertThat(writes)
                    .extracting(AppliedWrite::attributes)
                    .containsExactly(Map.of("a", "1"), Map.of("a", "2"));
            assertThat(Duration.between(writes.get(0).at(), writes.get(1).at()))
                    .isEqualTo(Duration.ofSeconds(5));
            assertThat(first.headers().firstValue("ININ-Correlation-Id"))
                    .contains(writes.get(0).correlationId().toString());
            assertThat(writes.get(0).token())
                    .isNotEqualTo(writes.get(1).token())
                    .doesNotContain("good");
            assertThat(simulator.ledger().lastValues(CONVERSATION, CUSTOMER))
                    .isEqualTo(Map.of("a", "2"));
            assertThat(simulator.ledger().writesTo(CONVERSATION, AGENT)).isEmpty();
        }
    }

    @Test
    void every_request_is_there_with_what_it_was_answered() throws Exception {
        try (Simulator simulator = started(Caller.settings(), new RecordedPause());
                Caller caller = new Caller(simulator)) {
            caller.patch(WEB, web("contact", "a", "1"));
            caller.patch(WEB, "{}");
            caller.get(READ);

            assertThat(simulator.ledger().requestsFor(CONVERSATION, CUSTOMER))
                    .extracting(SeenRequest::path, SeenRequest::status, SeenRequest::applied)
                    .containsExactly(tuple(WEB, 200, true), tuple(WEB, 400, false));
            assertThat(simulator.ledger().requests())
                    .extracting(SeenRequest::method)
                    .containsExactly("PATCH", "PATCH", "GET");
            assertThat(simulator.ledger().totals())
                    .isEqualTo(new Totals(3, 1, 0, Map.of(200, 2L, 400, 1L), 1));
        }
    }

    @Test
    void requests_for_one_participant_that_overlap_are_seen() throws Exception {
        CountDownLatch bothArrived = new CountDownLatch(2);
        Pause untilBoth =
                _ -> {
                    bothArrived.countDown();
                    bothArrived.await(5, TimeUnit.SECONDS);
                };
        try (Simulator simulator = started(Caller.settings(), untilBoth);
                Caller caller = new Caller(simulator);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> one = threads.submit(() -> caller.patch(PUBLISHED, published("a", "1")));
            Future<?> two = threads.submit(() -> caller.patch(WEB, web("contact", "a", "2")));
            one.get();
            two.get();

            assertThat(simulator.ledger().mostInFlight(CONVERSATION, CUSTOMER)).isEqualTo(2);
            assertThat(simulator.ledger().totals().mostInFlight()).isEqualTo(2);
        }
    }

    @Test
    void the_last_write_in_the_ledger_is_the_value_however_many_wrote_at_once() throws Exception {
        try (Simulator simulator = started(Caller.settings(), new RecordedPause());
                Caller caller = new Caller(simulator)) {
            List<Callable<Integer>> writes = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                String body = published("key" + i % 3, "value" + i);
                writes.add(() -> caller.patch(PUBLISHED, body).statusCode());
            }
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                assertThat(threads.invokeAll(writes)).extracting(Future::get).containsOnly(202);
            }

            assertThat(simulator.ledger().totals().applied()).isEqualTo(300);
            assertThat(simulator.ledger().writes()).hasSize(300);
            assertThat(simulator.conversations().attributes(CONVERSATION, CUSTOMER))
                    .hasSize(3)
                    .isEqualTo(simulator.ledger().lastValues(CONVERSATION, CUSTOMER));
        }
    }

    @Test
    void requests_one_after_the_other_do_not_overlap() throws Exception {
        try (Simulator simulator = started(Caller.settings(), new RecordedPause());
                Caller caller = new Caller(simulator)) {
            for (int i = 0; i < 50; i++) {
                caller.patch(PUBLISHED, published("a", "1"));
            }

            assertThat(simulator.ledger().mostInFlight(CONVERSATION, CUSTOMER)).isEqualTo(1);
            assertThat(simulator.ledger().mostInFlight(CONVERSATION, AGENT)).isZero();
        }
    }

    @Test
    void the_busiest_window_is_found_wherever_it_starts() throws Exception {
        try (Simulator simulator = started(Caller.settings(), new RecordedPause());
                Caller caller = new Caller(simulator)) {
            for (int seconds : List.of(30, 25, 4, 1, 60)) {
                time.pass(Duration.ofSeconds(seconds));
                caller.get(READ);
            }

            assertThat(simulator.ledger().mostRequestsIn(Duration.ofSeconds(1))).isEqualTo(1);
            assertThat(simulator.ledger().mostRequestsIn(Duration.ofSeconds(5))).isEqualTo(2);
            assertThat(simulator.ledger().mostRequestsIn(Duration.ofSeconds(6))).isEqualTo(3);
            assertThat(simulator.ledger().mostRequestsIn(Duration.ofSeconds(30))).isEqualTo(3);
            assertThat(simulator.ledger().mostRequestsIn(Duration.ofSeconds(31))).isEqualTo(4);
        }
    }

    @Test
    void a_ledger_of_counts_keeps_no_rows() throws Exception {
        try (Simulator simulator =
                        started(
                                Caller.settings().ledger(Ledger.Detail.COUNTS),
                                new RecordedPause());
                Caller caller = new Caller(simulator)) {
            caller.patch(PUBLISHED, published("a", "1"));

            assertThat(simulator.ledger().totals())
                    .isEqualTo(new Totals(1, 1, 0, Map.of(202, 1L), 1));
            assertThat(simulator.ledger().requests()).isEmpty();
            assertThat(simulator.ledger().writes()).isEmpty();
        }
    }
}
