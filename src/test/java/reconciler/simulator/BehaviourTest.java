package reconciler.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.simulator.Caller.CONVERSATION;
import static reconciler.simulator.Caller.CUSTOMER;
import static reconciler.simulator.Caller.PUBLISHED;
import static reconciler.simulator.Caller.READ;
import static reconciler.simulator.Caller.WEB;
import static reconciler.simulator.Caller.json;
import static reconciler.simulator.Caller.published;
import static reconciler.simulator.Caller.web;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class BehaviourTest {

    private static final String WEB_BODY = web("contact", "a", "b");

    @Test
    void ignored_fields_make_a_web_body_a_202_that_sets_nothing() throws Exception {
        try (Simulator simulator =
                        Caller.start(
                                Caller.settings().unknownFields(Behaviour.UnknownFields.IGNORED));
                Caller caller = new Caller(simulator)) {
            assertThat(caller.patch(PUBLISHED, WEB_BODY).statusCode()).isEqualTo(202);
            assertThat(simulator.ledger().writes()).isEmpty();
            assertThat(simulator.ledger().requests().getFirst().applied()).isFalse();
            assertThat(caller.patch(WEB, WEB_BODY.replace("{\"type", "{\"x\":1,\"type")))
                    .extracting(HttpResponse::statusCode)
                    .isEqualTo(200);
            assertThat(caller.patch(WEB, published("a", "b")).statusCode()).isEqualTo(400);
        }
    }

    @Test
    void errors_can_stay_empty() throws Exception {
        try (Simulator simulator =
                        Caller.start(Caller.settings().errorList(Behaviour.ErrorList.EMPTY));
                Caller caller = new Caller(simulator)) {
            HttpResponse<String> answer = caller.patch(WEB, "{}");

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(json(answer).path("errors").isArray()).isTrue();
            assertThat(json(answer).path("errors")).isEmpty();
            assertThat(json(answer).path("details")).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"LOST, 202, 200", "NOT_FOUND, 404, 404", "CONFLICT, 409, 409"})
    void a_late_write_is_never_applied(Behaviour.Ended ended, int published, int web)
            throws Exception {
        try (Simulator simulator = Caller.start(Caller.settings().ended(ended));
                Caller caller = new Caller(simulator)) {
            simulator.conversations().end(CONVERSATION);

            assertThat(caller.patch(PUBLISHED, published("a", "b")).statusCode())
                    .isEqualTo(published);
            assertThat(caller.patch(WEB, WEB_BODY).statusCode()).isEqualTo(web);
            assertThat(simulator.conversations().attributes(CONVERSATION, CUSTOMER)).isEmpty();
            assertThat(simulator.ledger().totals().applied()).isZero();
            assertThat(json(caller.get(READ)).path("endTime").isString()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_second_write_keeps_or_replaces_what_was_there(Behaviour.Merge merge) throws Exception {
        try (Simulator simulator = Caller.start(Caller.settings().merge(merge));
                Caller caller = new Caller(simulator)) {
            caller.patch(PUBLISHED, published("first", "1"));
            caller.patch(PUBLISHED, published("second", "2"));

            assertThat(simulator.conversations().attributes(CONVERSATION, CUSTOMER))
                    .isEqualTo(
                            merge == Behaviour.Merge.REPLACE
                                    ? Map.of("second", "2")
                                    : Map.of("first", "1", "second", "2"));
        }
    }

    @ParameterizedTest
    @CsvSource({"COERCED, 7, 200", "COERCED, true, 200", "REFUSED, 7, 400", "REFUSED, true, 400"})
    void scalars_become_strings_or_are_refused(Behaviour.Scalars scalars, String value, int status)
            throws Exception {
        try (Simulator simulator = Caller.start(Caller.settings().scalars(scalars));
                Caller caller = new Caller(simulator)) {
            String body = WEB_BODY.replace("\"b\"", value);

            assertThat(caller.patch(WEB, body).statusCode()).isEqualTo(status);
            assertThat(simulator.conversations().attributes(CONVERSATION, CUSTOMER))
                    .isEqualTo(status == 200 ? Map.of("a", value) : Map.of());
        }
    }

    @Test
    void a_write_shows_in_reads_only_after_a_while() throws Exception {
        SettableTime time = new SettableTime();
        SimulatorSettings settings = Caller.settings().visibility(Duration.ofSeconds(3)).build();
        try (Simulator simulator =
                        Caller.populated(Simulator.start(settings, time, new RecordedPause()));
                Caller caller = new Caller(simulator)) {
            caller.patch(PUBLISHED, published("a", "1"));
            time.pass(Duration.ofSeconds(2));
            caller.patch(PUBLISHED, published("a", "2"));

            assertThat(visible(caller)).isEmpty();
            time.pass(Duration.ofSeconds(1));
            assertThat(visible(caller)).isEqualTo("1");
            time.pass(Duration.ofSeconds(2));
            assertThat(visible(caller)).isEqualTo("2");
        }
    }

    @Test
    void strangers_can_be_adopted_with_the_role_they_declare() throws Exception {
        try (Simulator simulator =
                        Caller.start(Caller.settings().strangers(Population.Strangers.ADOPTED));
                Caller caller = new Caller(simulator)) {
            String place = "/api/v2/conversations/web/new/participants/";

            assertThat(caller.patch(place + "one", web("agent", "a", "b")).statusCode())
                    .isEqualTo(200);
            assertThat(caller.patch(place + "one", web("contact", "a", "b")).statusCode())
                    .isEqualTo(400);
            assertThat(caller.patch(place + "two", web("contact", "a", "b")).statusCode())
                    .isEqualTo(200);
            assertThat(simulator.conversations().parties())
                    .contains(new Party("new", "one", "agent"))
                    .contains(new Party("new", "two", "customer"));
        }
    }

    private static String visible(Caller caller) throws Exception {
        return json(caller.get(READ))
                .path("participants")
                .path(0)
                .path("attributes")
                .path("a")
                .asString("");
    }
}
