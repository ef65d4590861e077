package reconciler.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static reconciler.simulator.Caller.CONVERSATION;
import static reconciler.simulator.Caller.CUSTOMER;
import static reconciler.simulator.Caller.PUBLISHED;
import static reconciler.simulator.Caller.READ;
import static reconciler.simulator.Caller.WEB;
import static reconciler.simulator.Caller.WEB_AGENT;
import static reconciler.simulator.Caller.json;
import static reconciler.simulator.Caller.published;
import static reconciler.simulator.Caller.web;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FaultsTest {

    private final RecordedPause pause = new RecordedPause();
    private final Simulator simulator =
            Caller.populated(Simulator.start(Caller.settings().build(), new SettableTime(), pause));
    private final Caller caller = new Caller(simulator);

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @ParameterizedTest
    @CsvSource({
        "400, 400, bad.request",
        "400-attribute, 400, invalid.value",
        "401, 401, credentials.expired",
        "403, 403, missing.permissions",
        "403-division, 403, not.authorized",
        "408, 408, client.timeout",
        "409, 409, general.conflict",
        "429, 429, too.many.requests.retry.after",
        "500, 500, internal.server.error",
        "502, 502, bad.gateway",
        "503, 503, service.unavailable",
        "504, 504, request.timeout"
    })
    void an_error_is_answered_instead_of_applying(String kind, int status, String code)
            throws Exception {
        simulator.faults().add(kind);

        HttpResponse<String> answer = write();

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(json(answer).path("code").asString()).isEqualTo(code);
        assertThat(json(answer).path("status").asInt()).isEqualTo(status);
        assertThat(answer.headers().firstValue("ININ-Correlation-Id"))
                .contains(json(answer).path("contextId").asString());
        assertThat(simulator.ledger().writes()).isEmpty();
    }

    @Test
    void a_rule_with_after_applies_first_and_then_answers_the_error() throws Exception {
        simulator.faults().add("504-after");

        assertThat(write().statusCode()).isEqualTo(504);
        assertThat(simulator.conversations().value(CONVERSATION, CUSTOMER, "a")).contains("b");
        assertThat(simulator.ledger().requests().getFirst().applied()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "36000", "soon", "Wed, 21 Oct 2026 07:28:00 GMT", "-1"})
    void a_429_takes_any_text_for_retry_after(String text) throws Exception {
        simulator.faults().add("429 retry-after=\"" + text + "\"");

        assertThat(write().headers().allValues("Retry-After")).containsExactly(text);
    }

    @Test
    void a_503_says_when_to_come_back_only_if_the_rule_does() throws Exception {
        simulator.faults().add("503 times=1");
        simulator.faults().add("503 retry-after=0");

        assertThat(write().headers().firstValue("Retry-After")).isEmpty();
        assertThat(write().headers().firstValue("Retry-After")).contains("0");
    }

    @Test
    void a_302_leads_to_a_place_that_looks_like_success() throws Exception {
        simulator.faults().add("302 method=PATCH");

        HttpResponse<String> answer = write();

        assertThat(answer.statusCode()).isEqualTo(302);
        String location = answer.headers().firstValue("Location").orElseThrow();
        assertThat(caller.get(location).statusCode()).isEqualTo(200);
    }

    @Test
    void a_307_leads_back_or_to_where_the_rule_says() throws Exception {
        simulator.faults().add("307 times=1");
        simulator.faults().add("307 location=http://elsewhere.example/");

        assertThat(write().headers().firstValue("Location")).contains(PUBLISHED);
        assertThat(write().headers().firstValue("Location")).contains("http://elsewhere.example/");
    }

    @Test
    void a_dropped_request_gets_no_answer_and_has_not_been_applied() {
        simulator.faults().add("drop");

        assertThatThrownBy(this::write).isInstanceOf(IOException.class);
        assertThat(simulator.ledger().requests())
                .singleElement()
                .satisfies(request -> {
                    assertThat(request.dropped()).isTrue();
                    assertThat(request.applied()).isFalse();
                });
        assertThat(simulator.ledger().writes()).isEmpty();
    }

    @Test
    void a_dropped_answer_leaves_the_request_applied() {
        simulator.faults().add("drop-after times=1");

        assertThatThrownBy(this::write).isInstanceOf(IOException.class);
        assertThat(simulator.ledger().requests())
                .singleElement()
                .satisfies(request -> {
                    assertThat(request.dropped()).isTrue();
                    assertThat(request.applied()).isTrue();
                });
        assertThat(simulator.conversations().value(CONVERSATION, CUSTOMER, "a")).contains("b");
    }

    @ParameterizedTest
    @CsvSource({"hang, 300, 0", "hang for=7s, 7, 0", "hang-after for=7s, 7, 1"})
    void a_hanging_request_is_held_and_then_closed(String rule, int seconds, int applied) {
        simulator.faults().add(rule);

        assertThatThrownBy(this::write).isInstanceOf(IOException.class);
        assertThat(pause.lengths()).containsExactly(Duration.ofSeconds(seconds));
        assertThat(simulator.ledger().writes()).hasSize(applied);
        assertThat(simulator.ledger().totals().dropped()).isEqualTo(1);
    }

    @Test
    void a_slow_body_comes_in_pieces_and_is_the_right_one() throws Exception {
        simulator.faults().add("slow-body for=5s");

        HttpResponse<String> answer = caller.patch(WEB, web("contact", "a", "b"));

        assertThat(json(answer).path("participantAttributes").path("a").asString()).isEqualTo("b");
        assertThat(pause.lengths()).hasSizeBetween(9, 10).containsOnly(Duration.ofMillis(500));
    }

    @Test
    void a_body_can_be_a_page_or_empty_or_huge() throws Exception {
        simulator.faults().add("html times=1");
        simulator.faults().add("empty status=503 times=1");
        simulator.faults().add("huge bytes=2000000 times=1");

        HttpResponse<String> page = write();
        HttpResponse<String> empty = write();
        HttpResponse<String> huge = write();

        assertThat(page.statusCode()).isEqualTo(502);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html");
        assertThat(page.body()).startsWith("<html>");
        assertThat(page.headers().firstValue("ININ-Correlation-Id")).isEmpty();
        assertThat(empty.statusCode()).isEqualTo(503);
        assertThat(empty.body()).isEmpty();
        assertThat(huge.statusCode()).isEqualTo(500);
        assertThat(huge.body()).hasSizeGreaterThan(2_000_000);
    }

    @Test
    void an_answer_can_be_whatever_the_rule_says() throws Exception {
        simulator.faults().add("answer times=1 status=202 type=text/plain body='{\"id\": 7}'");
        simulator.faults().add("truncated times=1");
        simulator.faults().add("html times=1 status=200 title=\"Access denied\"");

        HttpResponse<String> told = write();
        HttpResponse<String> half = caller.patch(WEB, web("contact", "a", "b"));
        HttpResponse<String> page = write();

        assertThat(told.statusCode()).isEqualTo(202);
        assertThat(told.body()).isEqualTo("{\"id\": 7}");
        assertThat(told.headers().firstValue("Content-Type")).contains("text/plain");
        assertThat(half.statusCode()).isEqualTo(200);
        assertThat(half.body()).startsWith("{").doesNotEndWith("}");
        assertThat(page.body()).contains("<title>Access denied</title>");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"cut | 256", "trim | 299", "upper | 301", "drop | 0"})
    void a_value_can_be_altered_before_it_is_kept_and_shown(String how, int length)
            throws Exception {
        simulator.faults().add("altered as=" + how);

        HttpResponse<String> answer =
                caller.patch(WEB, web("contact", "a", " " + "b".repeat(299) + " "));

        String shown = json(answer).path("participantAttributes").path("a").asString("");
        assertThat(shown).hasSize(length);
        assertThat(simulator.conversations().value(CONVERSATION, CUSTOMER, "a").orElse(""))
                .isEqualTo(shown);
    }

    @Test
    void a_400_names_the_attribute_of_the_rule_and_strikes_only_requests_that_have_it()
            throws Exception {
        simulator.faults().add("400-attribute attribute=priority");

        HttpResponse<String> without = write();
        HttpResponse<String> with = caller.patch(WEB, web("contact", "priority", "high"));

        assertThat(without.statusCode()).isEqualTo(202);
        assertThat(with.statusCode()).isEqualTo(400);
        assertThat(json(with).path("errors").path(0).path("field").asString())
                .isEqualTo("priority");
    }

    @Test
    void a_plain_400_names_nothing() throws Exception {
        simulator.faults().add("400");

        assertThat(json(write()).path("errors")).isEmpty();
    }

    @Test
    void a_rule_strikes_as_often_as_it_may() throws Exception {
        simulator.faults().add("409 times=2");

        assertThat(statuses(4, PUBLISHED)).containsExactly(409, 409, 202, 202);
        assertThat(simulator.faults().strikes(0)).isEqualTo(2);
    }

    @Test
    void a_rule_strikes_each_participant_as_often_as_it_may() throws Exception {
        simulator.faults().add("409 each=1");
        String agent = web("agent", "a", "b");

        assertThat(statuses(2, PUBLISHED)).containsExactly(409, 202);
        assertThat(caller.patch(WEB_AGENT, agent).statusCode()).isEqualTo(409);
        assertThat(caller.patch(WEB_AGENT, agent).statusCode()).isEqualTo(200);
    }

    @Test
    void a_rule_without_a_limit_strikes_for_ever() throws Exception {
        simulator.faults().add("409");

        assertThat(statuses(5, PUBLISHED)).containsOnly(409);
    }

    @Test
    void a_rule_keeps_to_its_participant_conversation_and_method() throws Exception {
        simulator.faults().add("500 participant=" + Caller.AGENT);
        simulator.faults().add("502 conversation=another");
        simulator.faults().add("503 method=GET");

        assertThat(write().statusCode()).isEqualTo(202);
        assertThat(caller.patch(WEB_AGENT, web("agent", "a", "b")).statusCode()).isEqualTo(500);
        assertThat(caller.get(READ).statusCode()).isEqualTo(503);
    }

    @Test
    void a_write_fault_leaves_reads_alone_unless_it_names_them() throws Exception {
        simulator.faults().add("409");
        assertThat(caller.get(READ).statusCode()).isEqualTo(200);

        simulator.faults().add("409 method=GET");
        assertThat(caller.get(READ).statusCode()).isEqualTo(409);
    }

    @Test
    void chance_repeats_with_the_seed_and_differs_between_seeds() throws Exception {
        List<Integer> first = statusesWithSeed(1);

        assertThat(statusesWithSeed(1)).isEqualTo(first);
        assertThat(statusesWithSeed(2)).isNotEqualTo(first);
        assertThat(Collections.frequency(first, 409)).isBetween(60, 140);
    }

    @Test
    void chance_does_not_depend_on_what_other_participants_do() throws Exception {
        simulator.faults().add("409 p=0.5");
        List<Integer> alone = statuses(40, PUBLISHED);

        try (Simulator other = Caller.start(Caller.settings().faults(List.of("409 p=0.5")));
                Caller to = new Caller(other)) {
            List<Integer> amongOthers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                to.patch(WEB_AGENT, web("agent", "a", "b"));
                amongOthers.add(to.patch(PUBLISHED, published("a", "b")).statusCode());
            }

            assertThat(amongOthers).isEqualTo(alone).contains(202, 409);
        }
    }

    private static List<Integer> statusesWithSeed(long seed) throws Exception {
        try (Simulator other =
                        Caller.start(Caller.settings().seed(seed).faults(List.of("409 p=0.5")));
                Caller to = new Caller(other)) {
            List<Integer> statuses = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                statuses.add(to.patch(PUBLISHED, published("a", "b")).statusCode());
            }
            return statuses;
        }
    }

    private List<Integer> statuses(int count, String path) throws Exception {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            statuses.add(caller.patch(path, published("a", "b")).statusCode());
        }
        return statuses;
    }

    private HttpResponse<String> write() throws IOException, InterruptedException {
        return caller.patch(PUBLISHED, published("a", "b"));
    }
}
