package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reconciler.Seed;
import reconciler.simulator.Behaviour;

/// Promise 2: `APPLIED` is written only after the API confirmed the value: a success answer, or a
/// read-back. `confirmed_by` says which.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AppliedMeansConfirmedTest {
    private static final Seed SEED = Seed.of(AppliedMeansConfirmedTest.class);

    @Test
    void a_202_says_accepted_and_no_more() {
        try (var scenario = new Scenario().with("RECONCILER_API_CONTRACT", "attributes")) {
            long id = scenario.order().queue();

            scenario.run();

            assertThat(scenario.outcome(id))
                    .containsEntry("status", "APPLIED")
                    .containsEntry("confirmed_by", "accepted")
                    .containsEntry("http_status", 202);
        }
    }

    @Test
    void a_202_in_the_sample_is_applied_once_it_shows() {
        try (var scenario =
                new Scenario(settings -> settings.visibility(Duration.ofMillis(300)))
                        .with("RECONCILER_API_CONTRACT", "attributes")) {
            long id = scenario.order().queue();

            scenario.run("verify: {sample: 100%}");

            assertThat(scenario.outcome(id))
                    .containsEntry("status", "APPLIED")
                    .containsEntry("confirmed_by", "read-back")
                    .containsEntry("http_status", 200);
            assertThat(methods(scenario)).startsWith("PATCH", "GET", "GET");
            ThreeBooks.of(scenario).agree();
        }
    }

    @Test
    void a_success_that_does_not_show_is_not_applied() {
        try (var scenario = new Scenario(settings -> settings.ended(Behaviour.Ended.LOST))) {
            var order = scenario.order();
            long id = order.queue();
            scenario.simulator.conversations().end(order.conversation().toString());

            scenario.run("verify: {sample: 100%}", "unavailable: {attempts: 1}");

            assertThat(scenario.outcome(id))
                    .containsEntry("status", "FAILED")
                    .containsEntry("error_code", "not.visible");
            ThreeBooks.of(scenario).agree();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "drop-after times=1,       'PATCH,GET',       read-back",
        "504-after times=1,        'PATCH,GET',       read-back",
        "html-after times=1,       'PATCH,GET',       read-back",
        "html-after times=1 status=200,  'PATCH,GET', read-back",
        "answer-after times=1,           'PATCH,GET', read-back",
        "truncated times=1 method=PATCH, 'PATCH,GET', read-back",
        "gzip times=1 method=PATCH,      'PATCH,GET', read-back",
        "empty-after times=1 status=200, 'PATCH,GET', read-back",
        "html times=1 status=200 method=PATCH, 'PATCH,GET,PATCH', answer",
        "html times=1 status=403 method=PATCH, 'PATCH,GET,PATCH', answer",
        "drop times=1,             'PATCH,GET,PATCH', answer",
        "503 times=1 method=PATCH, 'PATCH,GET,PATCH', answer"
    })
    void what_became_of_a_lost_answer_is_looked_up(String fault, String methods, String confirmed) {
        try (var scenario = new Scenario()) {
            long id = scenario.order().queue();
            scenario.simulator.faults().add(fault);

            scenario.run();

            assertThat(scenario.outcome(id))
                    .containsEntry("status", "APPLIED")
                    .containsEntry("confirmed_by", confirmed);
            assertThat(methods(scenario)).containsExactly(methods.split(",", -1));
            ThreeBooks.of(scenario).agree();
        }
    }

    @ParameterizedTest
    @CsvSource({"web, answer", "attributes, accepted"})
    void every_applied_row_rests_on_a_request_that_succeeded(String contract, String success) {
        try (var scenario =
                new Scenario(settings -> settings.seed(SEED.value()))
                        .with("RECONCILER_API_CONTRACT", contract)) {
            new Crowd(scenario, SEED.random(), 60, 0).want(120, 3, 0);
            List.of("drop-after p=0.1", "500-after p=0.1", "503 p=0.1", "drop p=0.1")
                    .forEach(scenario.simulator.faults()::add);

            scenario.run("verify: {sample: 50%}", "breaker: {open: 100ms, openings: 1000}");

            ThreeBooks.of(scenario).agree();
            assertThat(
                            scenario.rows(
                                    """
                                    SELECT o.change_id, o.confirmed_by FROM audit.outcome o
                                     WHERE o.status = 'APPLIED'
                                       AND NOT EXISTS (
                                           SELECT FROM audit.attempt a
                                            WHERE a.correlation_id = o.correlation_id
                                              AND a.run_id = o.run_id
                                              AND o.change_id = ANY (a.change_ids)
                                              AND a.http_status BETWEEN 200 AND 299
                                              AND a.purpose = CASE o.confirmed_by WHEN 'read-back'
                                                                   THEN 'READ_BACK' ELSE 'PATCH' END)
                                    """))
                    .isEmpty();
            assertThat(
                            scenario.rows(
                                    """
                                    SELECT DISTINCT confirmed_by FROM audit.outcome
                                     WHERE confirmed_by IS NOT NULL ORDER BY confirmed_by
                                    """))
                    .containsExactly(
                            Map.of("confirmed_by", success), Map.of("confirmed_by", "read-back"));
        }
    }

    private static List<String> methods(Scenario scenario) {
        return ThreeBooks.requests(scenario).stream().map(request -> request.method()).toList();
    }
}
