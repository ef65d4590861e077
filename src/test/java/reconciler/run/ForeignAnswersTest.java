package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A firewall, a proxy or a maintenance page in front of the API or the login host: no row gets a
/// verdict, the run says what came.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(60)
class ForeignAnswersTest {
    private static final String[] BRISK = {
        "api: {in-flight: 4, timeout: 2s}",
        "partitions: {per-role: 1, chunk: 10}",
        "unavailable: {attempts: 2, backoff: 1ms..2ms}",
        "breaker: {window: 10, open: 50ms, openings: 2}",
        "throttled: {max-wait: 200ms}"
    };

    @ParameterizedTest
    @ValueSource(ints = {200, 401, 403, 404, 503})
    void a_firewall_from_the_first_request_on_ends_the_run_with_no_row_settled(int status) {
        try (var scenario = queued(new Scenario(), 1)) {
            scenario.simulator.faults().add("html title=\"Access denied\" status=" + status);

            RunReport report = scenario.run(BRISK);

            assertThat(report.exitCode()).as(report.explanation()).isEqualTo(ExitCode.UNAVAILABLE);
            assertThat(report.explanation())
                    .contains("is not the API", "titled \"Access denied\"")
                    .doesNotContain("null");
            assertEverythingIsPending(scenario);
            ThreeBooks.of(scenario).agree();
            scenario.simulator.faults().clear();
            assertThat(scenario.run(BRISK).exitCode()).isIn(ExitCode.OK, ExitCode.NOT_APPLIED);
        }
    }

    @Test
    void a_firewall_that_lets_reads_through_ends_the_run_with_no_row_settled() {
        try (var scenario = queued(new Scenario(), 60)) {
            scenario.simulator.faults().add("html status=403 method=PATCH");

            RunReport report = scenario.run(BRISK);

            assertThat(report.exitCode())
                    .as(report.explanation())
                    .isEqualTo(ExitCode.STOPPED_BY_FAILURES);
            assertThat(report.explanation()).contains("403 text/html from \"gateway/1.0\"");
            assertEverythingIsPending(scenario);
            ThreeBooks.of(scenario).agree();
        }
    }

    @Test
    void a_login_host_out_of_order_for_a_moment_is_waited_out() {
        try (var scenario = queued(new Scenario(), 3)) {
            scenario.simulator.faults().add("html status=503 times=2 method=TOKEN");
            assertThat(scenario.run(BRISK).exitCode()).isEqualTo(ExitCode.OK);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"html status=503", "html status=403", "429", "empty status=500"})
    void a_login_host_out_of_order_for_good_is_told_and_no_row_is_touched(String fault) {
        try (var scenario = queued(new Scenario(), 3)) {
            scenario.simulator.faults().add(fault + " method=TOKEN");

            assertThatExceptionOfType(ApiUnusable.class)
                    .isThrownBy(() -> scenario.run(BRISK))
                    .withMessageContaining("the login host 127.0.0.1 gave no token in ")
                    .satisfies(refused -> {
                        assertThat(refused.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
                        assertThat(refused.getMessage()).doesNotContain("null");
                    });

            assertEverythingIsPending(scenario);
        }
    }

    @Test
    void a_value_that_the_api_altered_failed_and_is_named() {
        try (var scenario = new Scenario()) {
            long id = scenario.order().setting("note", "x".repeat(300)).queue();
            scenario.simulator.faults().add("altered");

            scenario.run(BRISK);

            assertThat(scenario.outcome(id))
                    .containsEntry("status", "FAILED")
                    .containsEntry("error_code", "value.altered")
                    .containsEntry(
                            "error_message",
                            "the API said yes, but it kept the first 256 of 300 characters")
                    .containsEntry("standing_value", "x".repeat(256));
        }
    }

    private static Scenario queued(Scenario scenario, int rows) {
        for (int i = 0; i < rows; i++) {
            scenario.order().setting("tier", "v" + i).queue();
        }
        return scenario;
    }

    private static void assertEverythingIsPending(Scenario scenario) {
        assertThat(
                        scenario.rows(
                                """
                                SELECT DISTINCT state FROM reconciler.attribute_change
                                """))
                .isEqualTo(List.of(java.util.Map.of("state", "PENDING")));
        assertThat(scenario.count("SELECT count(*) FROM audit.outcome")).isZero();
    }
}
