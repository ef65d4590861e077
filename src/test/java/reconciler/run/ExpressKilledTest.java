package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reconciler.Eventually;
import reconciler.audit.Verification;
import reconciler.change.Lane;
import reconciler.fault.FaultProxy;
import reconciler.fault.Trap;
import reconciler.queue.ChangeQueue;
import reconciler.queue.Orders;

/// Promise 7 for the express lane: whoever works next, on the lane or on a run, puts back what a
/// dead one left.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ExpressKilledTest {
    private static final Duration SOON = Duration.ofMinutes(5);
    private static final String CLAIM = "SET state = 'IN_FLIGHT', claim";
    private static final String SETTLE = "s.defer_micros";
    private static final String COMMIT = "COMMIT\0";

    private static final String[] JOB = {"api: {timeout: 1s, in-flight: 4}", "express: {}"};

    /// As a holder leaves it that has died.
    private static final String IN_DEAD_HANDS =
            """
            WITH held AS (
                INSERT INTO reconciler.lease (name, epoch, owner, acquired_at, renewed_at, expires_at)
                VALUES (:lease, 1, 'somebody dead', now(), now(), now() + interval '1 second'))
            UPDATE reconciler.attribute_change SET state = 'IN_FLIGHT', claim = :claim WHERE id = :id
            """;

    @TempDir private Path directory;

    private enum Next {
        A_RUN,
        THE_LANE
    }

    private enum Towards {
        DATABASE,
        API
    }

    /// Where the process stands still, who works after it, and whether anything may have been sent.
    private enum Point {
        AFTER_CLAIM(Towards.DATABASE, Trap.beforeTheAnswer(1, CLAIM, COMMIT), Next.A_RUN, false),
        BEFORE_ANSWER(Towards.API, Trap.beforeTheAnswer(1, "PATCH /api"), Next.THE_LANE, true),
        BEFORE_COMMIT(Towards.DATABASE, Trap.before(1, SETTLE, COMMIT), Next.A_RUN, true);

        private final Towards towards;
        private final Trap trap;
        private final Next next;
        private final boolean inDoubt;

        Point(Towards towards, Trap trap, Next next, boolean inDoubt) {
            this.towards = towards;
            this.trap = trap;
            this.next = next;
            this.inDoubt = inDoubt;
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_lane_that_is_killed_there_leaves_nothing_untold(Point point) {
        try (var scenario = new Scenario();
                var database = new FaultProxy(Scenario.address(scenario.database.settings()));
                var api = new FaultProxy(address(scenario))) {
            switch (point.towards) {
                case DATABASE -> database.set(point.trap);
                case API -> api.set(point.trap);
            }
            long change = scenario.order().applyBy(SOON).queue();
            try (var process =
                    OneProcess.serve(
                            scenario,
                            directory,
                            Map.of(
                                    "RECONCILER_DB_URL",
                                    scenario.urlThrough(database.port(), "prepareThreshold=0"),
                                    "RECONCILER_API_BASE_URL",
                                    "http://127.0.0.1:" + api.port()),
                            JOB)) {
                Eventually.holds(
                        "the process got to " + point,
                        () -> point.trap.isSprung() || !process.isAlive());
                assertThat(process.isAlive()).as(process.said()).isTrue();
                process.kill();
            }
            database.resetAll();
            scenario.expireTheLease();

            switch (point.next) {
                case A_RUN -> assertThat(scenario.run().exitCode()).isEqualTo(ExitCode.OK);
                case THE_LANE -> {
                    try (var lane = OpenLane.on(scenario)) {
                        applied(scenario, change);
                        assertThat(lane.said().getFirst()).contains("found run 1 dead");
                    }
                }
            }
            assertThat(scenario.outcome(change))
                    .containsEntry("status", "APPLIED")
                    .containsEntry("in_doubt", point.inDoubt);
            assertThat(scenario.simulator.ledger().writes()).as("nothing is repeated").hasSize(1);
            ThreeBooks.of(scenario).agreeAfterTrouble();
            assertThat(scenario.count("SELECT count(*) FROM reconciler.intent")).isZero();
            assertThat(scenario.count("SELECT count(*) FROM audit.v_run WHERE ended_at IS NULL"))
                    .isZero();
            assertThat(
                            new Verification(scenario.database.dataSource())
                                    .verify(null, List.of())
                                    .first())
                    .isEmpty();
        }
    }

    @Test
    void a_run_does_not_wait_for_a_lane_that_is_dead() {
        try (var scenario = new Scenario()) {
            Orders.Order order = scenario.order();
            long first = order.setting("tier", "gold").applyBy(SOON).queue();
            long second = order.setting("skill", "billing").queue();
            inDeadHands(scenario, first, "express", -1);
            assertThat(scenario.run().exitCode()).isEqualTo(ExitCode.OK);
            assertThat(scenario.orders.state(second)).isEqualTo("APPLIED");
        }
    }

    @Test
    void the_lane_does_not_wait_for_a_run_that_is_dead() {
        try (var scenario = new Scenario()) {
            Orders.Order order = scenario.order();
            long first = order.setting("tier", "gold").queue();
            inDeadHands(scenario, first, "reconciler", 1);
            long second = order.setting("skill", "billing").applyBy(SOON).queue();
            try (var _ = OpenLane.on(scenario)) {
                applied(scenario, second);
            }
            assertThat(scenario.orders.state(first)).isEqualTo("PENDING");
            assertThat(scenario.run().exitCode()).isEqualTo(ExitCode.OK);
            ThreeBooks.of(scenario).agree();
        }
    }

    @Test
    void what_one_lane_has_in_hand_the_other_does_not_put_back() {
        try (var scenario = new Scenario()) {
            long urgent = scenario.order().applyBy(SOON).queue();
            inDeadHands(scenario, urgent, "express", -1);
            scenario.jdbc
                    .sql("UPDATE reconciler.lease SET expires_at = now() + interval '1 hour'")
                    .update();
            scenario.order().queue();
            assertThat(scenario.run().exitCode()).isEqualTo(ExitCode.OK);
            assertThat(scenario.orders.state(urgent)).isEqualTo("IN_FLIGHT");
        }
    }

    @Test
    void what_a_dead_lane_took_along_from_a_partition_that_has_ended_is_still_in_the_books() {
        var barrier = new Barrier(1);
        try (var scenario = Scenario.behind(barrier, 8)) {
            Orders.Order order = scenario.order();
            inDeadHands(scenario, order.setting("skill", "1").queue(), "express", -1);
            leaseOf(scenario, "express", "interval '1 hour'");
            long along = order.setting("tier", "silver").queue();
            long slow = scenario.orderFor("agent", Map.of()).queue();
            CompletableFuture<RunReport> run =
                    CompletableFuture.supplyAsync(
                            () -> scenario.run("partitions: {per-role: 1, chunk: 10}"));
            Eventually.holds("the agent's request is out", () -> barrier.arrived() == 1);
            scenario.jdbc
                    .sql(
                            "UPDATE reconciler.attribute_change SET state = 'IN_FLIGHT', claim = -1 WHERE id = :id")
                    .param("id", along)
                    .update();
            Eventually.holds(
                    "the contacts' partition ended",
                    () ->
                            scenario.count(
                                            """
                                            SELECT count(*) FROM batch.batch_step_execution
                                             WHERE step_name LIKE 'worker:contact-%' AND status = 'COMPLETED'
                                            """)
                                    == 1);

            leaseOf(scenario, "express", "interval '0'");
            new ChangeQueue(scenario.database.dataSource(), Lane.EXPRESS).reclaim();
            barrier.lift();

            assertThat(run.join().explanation())
                    .isEqualTo("every row is in force; 2 rows are due and wait for the next run");
            assertThat(run.join().exitCode()).isEqualTo(ExitCode.OK);
            assertThat(scenario.orders.state(slow)).isEqualTo("APPLIED");
            assertThat(scenario.orders.state(along)).isEqualTo("PENDING");
            assertThat(scenario.run().exitCode()).isEqualTo(ExitCode.OK);
            assertThat(scenario.orders.state(along)).isEqualTo("APPLIED");
            ThreeBooks.of(scenario).agree();
        }
    }

    private static void leaseOf(Scenario scenario, String lease, String rest) {
        scenario.jdbc
                .sql(
                        "UPDATE reconciler.lease SET expires_at = clock_timestamp() + "
                                + rest
                                + " WHERE name = :lease")
                .param("lease", lease)
                .update();
    }

    private static void inDeadHands(Scenario scenario, long change, String lease, long claim) {
        scenario.jdbc
                .sql(IN_DEAD_HANDS)
                .param("lease", lease)
                .param("claim", claim)
                .param("id", change)
                .update();
    }

    private static void applied(Scenario scenario, long change) {
        Eventually.holds(
                "change " + change + " was applied",
                () -> scenario.orders.state(change).equals("APPLIED"));
    }

    private static InetSocketAddress address(Scenario scenario) {
        return new InetSocketAddress(
                scenario.simulator.uri().getHost(), scenario.simulator.uri().getPort());
    }
}
