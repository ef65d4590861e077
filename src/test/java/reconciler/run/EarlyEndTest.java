package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reconciler.Eventually;
import reconciler.simulator.SeenRequest;

/// Runs that end before the queue is empty: what was not sent is pending, and the exit code says
/// why.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class EarlyEndTest {
    private static final String ONE_BY_ONE = "api: {in-flight: 2}";
    private static final String SMALL_PAGES = "partitions: {per-role: 1, chunk: 5}";

    @Test
    void a_spent_failure_budget_stops_the_run() {
        try (var scenario = scenario(60)) {
            scenario.simulator.faults().add("400-attribute");

            RunReport report =
                    scenario.run(
                            ONE_BY_ONE, SMALL_PAGES, "failure-budget: {rows: 10%, at-least: 8}");

            assertThat(report.exitCode()).isEqualTo(ExitCode.STOPPED_BY_FAILURES);
            assertThat(report.explanation())
                    .startsWith(
                            "the failure budget is spent: 10 of 10 rows failed, 10 of them REJECTED"
                                    + " 400 invalid.value");
            // what was on the wire when the second page failed has failed too
            assertThat(pending(scenario)).isBetween(40L, 50L);
            assertThat(scenario.simulator.ledger().totals().byStatus())
                    .containsEntry(400, 60 - pending(scenario));
            ThreeBooks.of(scenario).agree();
        }
    }

    @Test
    void few_failures_do_not_spend_the_budget() {
        try (var scenario = scenario(60)) {
            scenario.simulator.faults().add("400-attribute times=5");

            RunReport report =
                    scenario.run(
                            ONE_BY_ONE, SMALL_PAGES, "failure-budget: {rows: 10%, at-least: 8}");

            assertThat(report.exitCode()).isEqualTo(ExitCode.NOT_APPLIED);
            assertThat(pending(scenario)).isZero();
        }
    }

    @Test
    void a_canary_that_does_not_come_back_keeps_the_others_in() {
        try (var scenario = scenario(40)) {
            for (int i = 0; i < 40; i++) {
                scenario.orderFor("agent", Map.of()).queue();
            }
            scenario.simulator.faults().add("400-attribute");

            RunReport report = scenario.run(SMALL_PAGES, "canary: {per-role: 3, stop-above: 20%}");

            assertThat(report.exitCode()).isEqualTo(ExitCode.STOPPED_BY_FAILURES);
            assertThat(report.explanation()).startsWith("the canary failed: 6 of its 6 rows");
            assertThat(pending(scenario)).isEqualTo(74);
            assertThat(ThreeBooks.requests(scenario)).hasSize(6);
            ThreeBooks.of(scenario).agree();
        }
    }

    @Test
    void a_canary_that_comes_back_lets_the_others_out() {
        try (var scenario = scenario(40)) {
            RunReport report = scenario.run("canary: {per-role: 3, stop-above: 20%}");

            assertThat(report.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(pending(scenario)).isZero();
            ThreeBooks.of(scenario).agree();
        }
    }

    @Test
    void an_api_that_is_broken_is_left_alone_and_then_the_run_ends() {
        try (var scenario = scenario(60)) {
            scenario.simulator.faults().add("503");

            RunReport report =
                    scenario.run(
                            "api: {in-flight: 4}",
                            SMALL_PAGES,
                            "unavailable: {attempts: 5, backoff: 1ms..5ms}",
                            "breaker: {window: 20, open: 300ms}");

            assertThat(report.exitCode()).isEqualTo(ExitCode.STOPPED_BY_FAILURES);
            assertThat(report.explanation())
                    .startsWith(
                            "the API is broken: 20 of the last 20 requests failed, 20 of them with 503");
            assertThat(ThreeBooks.requests(scenario))
                    .as("the window, those on their way, the trial")
                    .hasSizeBetween(23, 27);
            assertThat(pending(scenario)).isGreaterThanOrEqualTo(55);
            ThreeBooks.of(scenario).agree();
            scenario.simulator.faults().clear();

            assertThat(scenario.run().exitCode()).isEqualTo(ExitCode.OK);
        }
    }

    @Test
    void a_broken_api_that_comes_back_costs_a_pause_only() {
        try (var scenario = scenario(60)) {
            scenario.simulator.faults().add("503 times=20");

            RunReport report =
                    scenario.run(
                            "api: {in-flight: 4}",
                            "unavailable: {attempts: 9, backoff: 1ms..5ms}",
                            "breaker: {window: 20, open: 300ms}");

            assertThat(report.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(longestSilence(scenario))
                    .as("while the API was left alone, but for what was on its way to it")
                    .isGreaterThan(Duration.ofMillis(250));
            assertThat(pending(scenario)).isZero();
            ThreeBooks.of(scenario).agree();
        }
    }

    /// Between two requests that arrived one after the other.
    private static Duration longestSilence(Scenario scenario) {
        List<Instant> arrivals =
                ThreeBooks.requests(scenario).stream().map(SeenRequest::at).sorted().toList();
        return IntStream.range(1, arrivals.size())
                .mapToObj(i -> Duration.between(arrivals.get(i - 1), arrivals.get(i)))
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    @Test
    void a_missing_permission_stops_the_run_before_it_burns_the_queue() {
        try (var scenario = scenario(60)) {
            scenario.simulator.faults().add("403");

            RunReport report = scenario.run(ONE_BY_ONE, SMALL_PAGES);

            assertThat(report.exitCode()).isEqualTo(ExitCode.PERMISSION);
            assertThat(report.explanation()).contains("lack a permission");
            assertThat(pending(scenario)).isEqualTo(60);
            assertThat(ThreeBooks.requests(scenario)).hasSizeLessThanOrEqualTo(5);
            ThreeBooks.of(scenario).agree();
        }
    }

    @Test
    void a_pause_of_an_hour_is_not_waited_out() {
        try (var scenario = scenario(30)) {
            scenario.simulator.faults().add("429 retry-after=3600");

            RunReport report = scenario.run(ONE_BY_ONE, SMALL_PAGES);

            assertThat(report.exitCode()).isEqualTo(ExitCode.NOT_APPLIED);
            assertThat(report.explanation()).contains("longer pause than throttled.max-wait");
            assertThat(pending(scenario)).isEqualTo(30);
            assertThat(
                            scenario.count(
                                    """
                                    SELECT count(*) FROM reconciler.attribute_change
                                     WHERE next_attempt_at > clock_timestamp() + interval '2 minutes'
                                       AND next_attempt_at < clock_timestamp() + interval '3 minutes'
                                    """))
                    .as("those that were refused, put off for max-wait")
                    .isBetween(1L, 5L);
            assertThat(ThreeBooks.requests(scenario)).hasSizeLessThanOrEqualTo(5);
            ThreeBooks.of(scenario).agree();
        }
    }

    @Test
    void a_stop_gives_back_what_was_not_sent() {
        var barrier = new Barrier(2);
        try (var scenario = Scenario.behind(barrier, 8)) {
            for (int i = 0; i < 20; i++) {
                scenario.order().queue();
            }
            var stop = new StopSignal();
            var run =
                    CompletableFuture.supplyAsync(
                            () -> scenario.run(stop, ONE_BY_ONE, SMALL_PAGES));
            Eventually.holds("two are on the wire", () -> barrier.arrived() == 2);

            stop.raise(ExitCode.STOPPED, "stopped on request");
            barrier.lift();

            RunReport report = run.join();
            assertThat(report.exitCode()).isEqualTo(ExitCode.STOPPED);
            assertThat(report.total().released()).isEqualTo(3);
            assertThat(pending(scenario)).isEqualTo(18);
            ThreeBooks.of(scenario).agree();
        }
    }

    @Test
    void a_wrong_secret_touches_no_row() {
        try (var scenario = scenario(3)) {
            scenario.with("RECONCILER_API_CLIENT_SECRET", "wrong");
            List<Map<String, Object>> before = queue(scenario);

            assertThatExceptionOfType(ApiUnusable.class)
                    .isThrownBy(scenario::run)
                    .satisfies(refused ->
                            assertThat(refused.exitCode()).isEqualTo(ExitCode.PERMISSION));

            assertThat(queue(scenario)).isEqualTo(before);
            assertThat(ThreeBooks.requests(scenario)).isEmpty();
        }
    }

    @Test
    void an_api_that_is_down_touches_no_row() {
        try (var scenario = scenario(3)) {
            scenario.simulator.close();
            List<Map<String, Object>> before = queue(scenario);

            assertThatExceptionOfType(ApiUnusable.class)
                    .isThrownBy(scenario::run)
                    .satisfies(refused ->
                            assertThat(refused.exitCode()).isEqualTo(ExitCode.UNAVAILABLE));

            assertThat(queue(scenario)).isEqualTo(before);
            assertThat(new Leases(scenario.database.dataSource()).holder())
                    .as("the next run need not wait")
                    .satisfies(holder -> assertThat(holder.isAlive()).isFalse());
        }
    }

    /// The rows of the other role wait for participants that are in flight; not for ever.
    @Test
    @Timeout(60)
    void what_could_not_be_committed_ends_the_run_and_is_found_again() {
        try (var scenario = scenario(4)) {
            var order = scenario.order();
            order.setting("a", "1").queue();
            order.as("agent").setting("b", "2").queue();
            scenario.jdbc
                    .sql(
                            """
                            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
                                AS 'BEGIN RAISE EXCEPTION ''the disk is full''; END'
                            """)
                    .update();
            scenario.jdbc
                    .sql(
                            """
                            CREATE CONSTRAINT TRIGGER refusal AFTER INSERT ON audit.outcome
                                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
                                WHEN (NEW.participant_role = 'contact') EXECUTE FUNCTION refuse()
                            """)
                    .update();

            assertThatExceptionOfType(RuntimeException.class)
                    .isThrownBy(scenario::run)
                    .withStackTraceContaining("the disk is full");

            scenario.jdbc.sql("DROP TRIGGER refusal ON audit.outcome").update();
            RunReport next = scenario.run();
            assertThat(next.exitCode()).isEqualTo(ExitCode.OK);
            // four or five, as either role comes first
            assertThat(next.recovery())
                    .matches("found run 1 dead: ([45]) rows put back, \\1 of them in doubt.*");
            assertThat(scenario.simulator.ledger().writes()).hasSize(6);
            assertThat(
                            scenario.count(
                                    "SELECT count(*) FROM audit.outcome WHERE confirmed_by = 'read-back'"))
                    .isBetween(4L, 5L);
            ThreeBooks.of(scenario).agreeAfterTrouble();
            assertThat(scenario.stillRunning()).isEmpty();
        }
    }

    @Test
    @Timeout(60)
    void a_database_that_goes_away_ends_the_run_and_the_next_one_finds_what_it_did() {
        try (var scenario = scenario(20)) {
            // the connection breaks in the middle of the settlement
            scenario.jdbc
                    .sql(
                            """
                            CREATE FUNCTION go_away() RETURNS trigger LANGUAGE plpgsql
                                AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'
                            """)
                    .update();
            scenario.jdbc
                    .sql(
                            """
                            CREATE TRIGGER absence AFTER INSERT ON audit.outcome
                                FOR EACH ROW EXECUTE FUNCTION go_away()
                            """)
                    .update();

            assertThatExceptionOfType(RuntimeException.class)
                    .isThrownBy(() -> scenario.run(ONE_BY_ONE, SMALL_PAGES));

            scenario.jdbc.sql("DROP TRIGGER absence ON audit.outcome").update();
            assertThat(scenario.count("SELECT count(*) FROM audit.outcome")).isZero();
            RunReport next = scenario.run();
            assertThat(next.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(next.recovery())
                    .as("the page that broke, and those that were being sent beside it")
                    .matches("found run 1 dead: \\d+ rows put back, [1-9]\\d* of them in doubt.*");
            assertThat(scenario.simulator.ledger().writes()).hasSize(20);
            ThreeBooks.of(scenario).agreeAfterTrouble();
            assertThat(scenario.stillRunning()).isEmpty();
        }
    }

    private static Scenario scenario(int rows) {
        var scenario = new Scenario();
        for (int i = 0; i < rows; i++) {
            scenario.order().queue();
        }
        return scenario;
    }

    private static long pending(Scenario scenario) {
        return scenario.count(
                "SELECT count(*) FROM reconciler.attribute_change WHERE state = 'PENDING'");
    }

    private static List<Map<String, Object>> queue(Scenario scenario) {
        return scenario.rows(
                "SELECT id, state, attempts, in_doubt, claim FROM reconciler.attribute_change ORDER BY id");
    }
}
