package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reconciler.Eventually;
import reconciler.Seed;
import reconciler.audit.RunStart.Trigger;
import reconciler.simulator.AppliedWrite;
import reconciler.simulator.SeenRequest;

/// Promise 7: `kill -9` at any point loses nothing. A request that may have been sent is flagged
/// `in_doubt` and settled by reading the participant back, not by blind repetition.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SafeToKillTest {
    private static final Seed SEED = Seed.of(SafeToKillTest.class);

    /// The lease of a dead run expires after the call's time-out and three seconds.
    private static final String[] JOB = {
        "api: {timeout: 1s, in-flight: 8}", "partitions: {per-role: 2, chunk: 10}"
    };

    private static final int ROWS = 160;

    private static final String IN_FLIGHT =
            "SELECT participant_id::text FROM reconciler.attribute_change c WHERE state = 'IN_FLIGHT'";

    /// Of those, the ones whose request may have been sent.
    private static final String ON_RECORD =
            """
             AND EXISTS (SELECT FROM reconciler.intent i, unnest(i.change_ids) AS r (ids)
                          WHERE c.id = ANY (r.ids::bigint[]))
            """;

    @TempDir private Path directory;

    @Test
    void after_a_kill_the_next_run_loses_nothing_and_reads_before_it_sends() {
        try (var scenario = slowScenario()) {
            String[] largePages = {JOB[0], "partitions: {per-role: 2, chunk: 100}"};
            try (var process = OneProcess.run(scenario, directory, List.of(), largePages)) {
                arrived(scenario, 20 + SEED.random().nextInt(40));
                process.kill();
            }
            List<String> inFlight = participants(scenario, IN_FLIGHT);
            List<String> onRecord = participants(scenario, IN_FLIGHT + ON_RECORD);
            assertThat(onRecord).isNotEmpty();

            RunReport report = runWhenTheLeaseIsFree(scenario);

            assertThat(report.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(report.recovery())
                    .isEqualTo(
                            "found run 1 dead: %d rows put back, %d of them in doubt and to be read before anything is sent; %d requests that may have been sent went unanswered;"
                                    + " Batch's metadata was repaired: the execution that no process carries out any more was ended",
                            inFlight.size(), onRecord.size(), onRecord.size());
            everyRowIsApplied(scenario);
            nothingWasSentTwice(scenario);
            theNextRunReadBeforeItSent(scenario, onRecord);
            inFlight.removeAll(onRecord);
            theNextRunJustSent(scenario, inFlight);
            nothingIsLeftOfTheDeadRun(scenario);
        }
    }

    @Test
    void a_run_that_is_killed_again_and_again_gets_there_in_the_end() {
        try (var scenario = slowScenario()) {
            int kills = 0;
            while (scenario.count("SELECT count(*) FROM audit.outcome") < ROWS && kills < 2) {
                long before = scenario.count("SELECT count(*) FROM audit.outcome");
                try (var process = OneProcess.run(scenario, directory, List.of(), JOB)) {
                    Eventually.holds(
                            "a page was settled",
                            () -> scenario.count("SELECT count(*) FROM audit.outcome") > before);
                    process.kill();
                }
                scenario.expireTheLease();
                kills++;
            }

            runWhenTheLeaseIsFree(scenario);

            everyRowIsApplied(scenario);
            nothingWasSentTwice(scenario);
            nothingIsLeftOfTheDeadRun(scenario);
        }
    }

    @Test
    void of_two_runs_at_once_the_second_exits_75_and_names_the_first() {
        var barrier = new Barrier(8);
        String patient = "api: {timeout: 60s, in-flight: 8}";
        try (var scenario = queued(Scenario.behind(barrier, 2));
                var first = OneProcess.run(scenario, directory, List.of(), patient)) {
            Eventually.holds("the first is at work", () -> barrier.arrived() == 8);
            try (var second = OneProcess.run(scenario, directory, List.of(), patient)) {
                assertThat(second.exitCode()).as(second.said()).isEqualTo(75);
                assertThat(second.said())
                        .contains("another run holds the lease: job quick on ")
                        .contains("process " + first.pid());
            }
            barrier.lift();

            assertThat(first.exitCode()).as(first.said()).isEqualTo(0);
            everyRowIsApplied(scenario);
            nothingWasSentTwice(scenario);
            assertThat(scenario.rows("SELECT * FROM audit.v_run")).hasSize(1);
        }
    }

    /// The schedule's last firing was missed, so `serve` is as eager as `run`.
    @Test
    void of_serve_and_run_at_once_one_works_and_the_other_says_who_does() {
        var barrier = new Barrier(8);
        String[] job = {
            "api: {timeout: 60s, in-flight: 8}",
            "schedule: {cron: '0 0 1 1 *', zone: UTC, misfire: run-once}"
        };
        try (var scenario = Scenario.behind(barrier, 2)) {
            servedLongAgo(scenario, job);
            queued(scenario);
            try (var serve = OneProcess.serve(scenario, directory, job);
                    var run = OneProcess.run(scenario, directory, List.of(), job)) {
                Eventually.holds("one is at work", () -> barrier.arrived() == 8);
                String held = "another run holds the lease: job quick on ";
                Eventually.holds(
                        "the other says who", () -> (serve.said() + run.said()).contains(held));
                boolean served = run.said().contains(held);
                assertThat((served ? run : serve).said())
                        .contains("process " + (served ? serve : run).pid() + ", since ");
                try (var skipping = another(scenario, "--if-locked=skip", job);
                        var waiting = another(scenario, "--if-locked=wait=1m", job)) {
                    assertThat(skipping.exitCode()).as(skipping.said()).isEqualTo(0);
                    assertThat(skipping.said()).contains(held).contains("; skipped");
                    barrier.lift();
                    assertThat(waiting.exitCode()).as(waiting.said()).isEqualTo(0);
                }
                serve.terminate();

                assertThat(run.exitCode()).as(run.said()).isEqualTo(served ? 75 : 0);
                assertThat(serve.exitCode()).as(serve.said()).isEqualTo(5);
            }
            everyRowIsApplied(scenario);
            nothingWasSentTwice(scenario);
            assertThat(scenario.rows("SELECT run_id FROM audit.v_run WHERE requests > 0"))
                    .hasSize(1);
        }
    }

    private OneProcess another(Scenario scenario, String option, String... job) {
        return OneProcess.run(scenario, directory, List.of(), Map.of(), List.of(option), job);
    }

    private static void servedLongAgo(Scenario scenario, String... job) {
        scenario.reconciliation()
                .run(
                        new RunRequest(
                                Scenario.request(job).job(),
                                Trigger.SCHEDULE,
                                Instant.parse("2001-01-01T00:00:00Z"),
                                "schedule"),
                        new StopSignal(),
                        _ -> {});
    }

    @Test
    void a_run_that_is_asked_to_stop_ends_cleanly_and_the_next_one_finishes() {
        try (var scenario = slowScenario()) {
            try (var process = OneProcess.run(scenario, directory, List.of(), JOB)) {
                arrived(scenario, 40);
                process.terminate();

                assertThat(process.exitCode()).as(process.said()).isEqualTo(5);
                assertThat(process.said()).contains("stopped on request");
            }
            assertThat(states(scenario)).containsOnlyKeys("APPLIED", "PENDING");
            ThreeBooks.of(scenario).agree();
            assertThat(scenario.rows("SELECT exit_code FROM audit.v_run"))
                    .singleElement()
                    .satisfies(run -> assertThat(run).containsEntry("exit_code", 5));

            RunReport next = scenario.run(JOB);

            assertThat(next.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(next.recovery()).isNull();
            everyRowIsApplied(scenario);
            nothingWasSentTwice(scenario);
        }
    }

    private static Scenario slowScenario() {
        return queued(new Scenario(settings -> settings.latency(Duration.ofMillis(60))));
    }

    private static Scenario queued(Scenario scenario) {
        for (int i = 0; i < ROWS; i++) {
            scenario.orderFor(i % 4 == 0 ? "agent" : "customer", Map.of()).queue();
        }
        return scenario;
    }

    private static void arrived(Scenario scenario, int requests) {
        Eventually.holds(
                requests + " requests arrived",
                () -> scenario.simulator.ledger().totals().requests() >= requests);
    }

    private static RunReport runWhenTheLeaseIsFree(Scenario scenario) {
        Eventually.holds(
                "the lease expired",
                () -> {
                    Leases.Holder holder =
                            Objects.requireNonNull(
                                    new Leases(scenario.database.dataSource()).holder());
                    return !holder.isAlive();
                });
        return scenario.run(JOB);
    }

    private static Map<String, Long> states(Scenario scenario) {
        return scenario
                .jdbc
                .sql("SELECT state FROM reconciler.attribute_change")
                .query(String.class)
                .list()
                .stream()
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    private static void everyRowIsApplied(Scenario scenario) {
        assertThat(states(scenario)).isEqualTo(Map.of("APPLIED", (long) ROWS));
        ThreeBooks.of(scenario).agreeAfterTrouble();
    }

    private static void nothingWasSentTwice(Scenario scenario) {
        assertThat(scenario.simulator.ledger().writes().stream().map(AppliedWrite::participantId))
                .hasSize(ROWS)
                .doesNotHaveDuplicates();
    }

    private static List<String> participants(Scenario scenario, String sql) {
        return new ArrayList<>(scenario.jdbc.sql(sql).query(String.class).list());
    }

    private static void theNextRunReadBeforeItSent(Scenario scenario, List<String> inDoubt) {
        assertThat(methods(scenario, inDoubt))
                .as("what was not sent before the kill is read and then sent; the rest is read")
                .containsAnyOf("PATCH GET", "GET PATCH")
                .isSubsetOf("PATCH GET", "GET PATCH");
        assertThat(
                        scenario.count(
                                "SELECT count(*) FROM audit.v_outcome WHERE confirmed_by = 'read-back'"))
                .as("those that had been sent")
                .isPositive();
    }

    private static void theNextRunJustSent(Scenario scenario, List<String> claimed) {
        assertThat(methods(scenario, claimed))
                .as("was not sent before the kill")
                .allMatch("PATCH"::equals);
    }

    /// What was requested for each, in order.
    private static List<String> methods(Scenario scenario, List<String> participants) {
        Map<String, String> conversations =
                scenario
                        .rows(
                                """
                                SELECT participant_id::text AS participant, conversation_id::text AS conversation
                                  FROM reconciler.attribute_change
                                """)
                        .stream()
                        .collect(
                                Collectors.toMap(
                                        row -> (String) row.get("participant"),
                                        row -> (String) row.get("conversation")));
        return participants.stream()
                .map(conversations::get)
                .map(conversation ->
                        ThreeBooks.requests(scenario).stream()
                                .filter(request -> request.conversationId().equals(conversation))
                                .sorted(Comparator.comparingLong(SeenRequest::sequence))
                                .map(SeenRequest::method)
                                .collect(Collectors.joining(" ")))
                .toList();
    }

    private static void nothingIsLeftOfTheDeadRun(Scenario scenario) {
        assertThat(scenario.rows("SELECT * FROM audit.v_run WHERE ended_at IS NULL")).isEmpty();
        assertThat(scenario.stillRunning()).isEmpty();
    }
}
