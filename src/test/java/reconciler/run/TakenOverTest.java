package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reconciler.Eventually;
import reconciler.change.Lane;
import reconciler.queue.ApprovalRule;
import reconciler.queue.ChangeQueue;
import reconciler.queue.DueChanges;
import reconciler.queue.Scope;

/// Promise 7, the second half: a process that lost its lease writes nothing more; its calls that
/// were past the last check can still reach the wire, and the next run finds out what they did.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TakenOverTest {
    private static final String[] JOB = {
        "partitions: {per-role: 2, chunk: 5}", "api: {in-flight: 8, timeout: 20s}"
    };

    private static final String TAKEN_FUNCTION =
            """
            CREATE FUNCTION taken() RETURNS trigger LANGUAGE plpgsql AS '
            BEGIN
                UPDATE reconciler.lease SET epoch = epoch + 1;
                RETURN NULL;
            END'
            """;

    private static final String TAKEN_AT_THE_START =
            "CREATE TRIGGER taken AFTER INSERT ON batch.batch_job_execution FOR EACH ROW EXECUTE FUNCTION taken()";

    private static final String TAKEN_AT_THE_END =
            """
            CREATE TRIGGER taken AFTER UPDATE ON batch.batch_job_execution
                FOR EACH ROW WHEN (NEW.status = 'COMPLETED') EXECUTE FUNCTION taken()
            """;

    /// What Batch sees of a step that somebody else updated: no row has the version that it knows.
    private static final String ENDED_FUNCTION =
            "CREATE FUNCTION ended() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'";

    private static final String ENDED =
            """
            CREATE TRIGGER ended BEFORE UPDATE ON batch.batch_step_execution
                FOR EACH ROW WHEN (OLD.step_name LIKE 'worker:%' OR OLD.step_name LIKE 'patch:%') EXECUTE FUNCTION ended()
            """;

    /// A process that was frozen (a laptop lid, a virtual machine on the move) and comes back to
    /// find that another one has done its work.
    @Test
    void a_run_that_lost_its_lease_writes_nothing_more() {
        var barrier = new Barrier(8);
        try (var scenario = Scenario.behind(barrier, 6)) {
            for (int i = 0; i < 30; i++) {
                scenario.order().queue();
            }
            CompletableFuture<RunReport> frozen =
                    CompletableFuture.supplyAsync(() -> scenario.run(JOB));
            Eventually.holds("requests are on the wire", () -> barrier.arrived() == 8);
            scenario.expireTheLease();

            RunReport other = scenario.run(JOB);

            assertThat(other.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(other.recovery())
                    .matches("found run 1 dead: \\d+ rows put back, [1-9]\\d* of them in doubt.*");
            List<String> before = everything(scenario);
            barrier.lift();
            assertThat(frozen.join().exitCode()).isEqualTo(ExitCode.LOCKED);
            assertThat(everything(scenario)).isEqualTo(before);
            assertThat(scenario.rows("SELECT exit_code FROM audit.v_run ORDER BY run_id"))
                    .extracting(run -> run.get("exit_code"))
                    .containsExactly(null, 0);
            // the calls that nobody could stop any more reached the wire a second time
            assertThat(scenario.simulator.ledger().writes()).hasSizeLessThanOrEqualTo(30 + 20);
            assertThat(
                            scenario.count(
                                    "SELECT count(*) FROM audit.outcome WHERE status = 'APPLIED'"))
                    .isEqualTo(30);
        }
    }

    /// It was frozen between two steps, and its successor ended them.
    @Test
    void a_run_whose_steps_another_one_has_ended_exits_75() {
        try (var scenario = new Scenario()) {
            long change = scenario.order().queue();
            scenario.jdbc.sql(TAKEN_FUNCTION).update();
            scenario.jdbc.sql(TAKEN_AT_THE_START).update();
            scenario.jdbc.sql(ENDED_FUNCTION).update();
            scenario.jdbc.sql(ENDED).update();

            RunReport report = scenario.run();

            assertThat(report.exitCode()).as(report.explanation()).isEqualTo(ExitCode.LOCKED);
            assertThat(scenario.orders.state(change)).isEqualTo("PENDING");
            assertThat(ThreeBooks.requests(scenario)).isEmpty();
        }
    }

    /// It was frozen while it counted what is due, and its successor is at work.
    @Test
    void a_run_that_lost_its_lease_before_it_began_leaves_everything_to_its_successor() {
        try (var scenario = new Scenario()) {
            long change = scenario.order().queue();

            RunReport report =
                    scenario.reconciliation()
                            .run(Scenario.request(), new StopSignal(), _ -> takeOver(scenario));

            assertThat(report.exitCode()).as(report.explanation()).isEqualTo(ExitCode.LOCKED);
            assertThat(scenario.orders.state(change)).isEqualTo("PENDING");
            assertThat(scenario.count("SELECT count(*) FROM batch.batch_job_execution")).isZero();
        }
    }

    /// What it claimed now, nobody would send and nobody put back.
    @Test
    void who_lost_the_lease_claims_nothing() {
        try (var scenario = new Scenario()) {
            long change = scenario.order().queue();
            DataSource dataSource = scenario.database.dataSource();
            try (var lease =
                    Lease.acquire(
                            new Leases(dataSource, Lane.RUN),
                            "frozen",
                            UUID.randomUUID(),
                            Duration.ofSeconds(20),
                            new StopSignal())) {
                takeOver(scenario);
                ChangeQueue queue = new ChangeQueue(dataSource).behind(lease);
                Scope scope =
                        new DueChanges(dataSource).scopeNow(Set.of(), new ApprovalRule.None());
                assertThatThrownBy(() -> queue.claim(change, scope)).isInstanceOf(LeaseLost.class);
            }
            assertThat(scenario.orders.state(change)).isEqualTo("PENDING");
        }
    }

    /// Its successor has written already that it died.
    @Test
    void a_run_that_lost_its_lease_at_the_very_end_exits_75() {
        try (var scenario = new Scenario()) {
            scenario.order().queue();
            scenario.jdbc.sql(TAKEN_FUNCTION).update();
            scenario.jdbc.sql(TAKEN_AT_THE_END).update();

            RunReport report = scenario.run();

            assertThat(report.exitCode()).as(report.explanation()).isEqualTo(ExitCode.LOCKED);
            assertThat(report.explanation()).contains("another run has taken over");
        }
    }

    private static void takeOver(Scenario scenario) {
        scenario.jdbc.sql("UPDATE reconciler.lease SET epoch = epoch + 1").update();
    }

    /// The same with a real process and a real SIGSTOP, wherever it happens to be. Its transactions
    /// are over before its lease is.
    @Test
    void a_process_that_was_frozen_longer_than_its_lease_settles_nothing_and_exits_75(
            @TempDir Path directory) {
        String[] job = {"partitions: {per-role: 2, chunk: 20}", "api: {in-flight: 4, timeout: 8s}"};
        try (var scenario = new Scenario(settings -> settings.latency(Duration.ofMillis(50)))) {
            for (int i = 0; i < 80; i++) {
                scenario.order().queue();
            }
            try (var frozen = OneProcess.run(scenario, directory, List.of(), job)) {
                Eventually.holds(
                        "it is at work",
                        () -> scenario.simulator.ledger().totals().requests() >= 10);
                frozen.freeze();
                RunReport other = runWhenTheLeaseHasExpired(scenario, job);
                assertThat(other.exitCode()).isEqualTo(ExitCode.OK);
                List<String> before = everything(scenario);
                long requests = scenario.simulator.ledger().totals().requests();

                frozen.thaw();

                assertThat(frozen.exitCode()).as(frozen.said()).isEqualTo(75);
                assertThat(everything(scenario)).isEqualTo(before);
                assertThat(scenario.simulator.ledger().totals().requests() - requests)
                        .as("requests that were past the last look at the lease")
                        .isLessThanOrEqualTo(4);
                ThreeBooks.of(scenario).agreeAfterTrouble();
            }
        }
    }

    private static RunReport runWhenTheLeaseHasExpired(Scenario scenario, String... job) {
        Eventually.holds(
                "the lease expired",
                () -> !new Leases(scenario.database.dataSource()).holder().isAlive());
        return scenario.run(job);
    }

    private static List<String> everything(Scenario scenario) {
        return Stream.of(
                        "SELECT c::text FROM reconciler.attribute_change c ORDER BY id",
                        "SELECT a::text FROM audit.attempt a ORDER BY attempt_id",
                        "SELECT o::text FROM audit.outcome o ORDER BY outcome_id",
                        "SELECT r::text FROM audit.v_run r ORDER BY run_id")
                .flatMap(sql -> scenario.jdbc.sql(sql).query(String.class).list().stream())
                .toList();
    }
}
