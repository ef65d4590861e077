package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.Eventually;
import reconciler.audit.Verification;
import reconciler.queue.Orders;
import reconciler.queue.PausedSets;

/// What carries an apply-by does not wait for the schedule, and has every promise that other rows
/// have.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ExpressLaneTest {
    private static final Duration SOON = Duration.ofMinutes(5);

    private static final String LISTENERS =
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN %' AND datname = current_database()";

    @Test
    void an_urgent_change_is_applied_without_a_run_and_is_in_all_books() {
        try (var scenario = new Scenario()) {
            long change;
            try (var lane = OpenLane.on(scenario)) {
                change = urgent(scenario).queue();
                applied(scenario, change);
                assertThat(lane.failures()).isEmpty();
            }
            assertThat(scenario.outcome(change))
                    .containsEntry("status", "APPLIED")
                    .containsEntry("attempts", 1);
            assertThat(
                            scenario.rows(
                                    "SELECT trigger, exit_code, applied, requests FROM audit.v_run"))
                    .containsExactly(
                            Map.of(
                                    "trigger",
                                    "express",
                                    "exit_code",
                                    5,
                                    "applied",
                                    1L,
                                    "requests",
                                    1L));
            ThreeBooks.of(scenario).agree();
            theRecordIsWhole(scenario);
        }
    }

    @Test
    void a_change_that_is_not_urgent_waits_for_its_run() {
        try (var scenario = new Scenario();
                var _ = OpenLane.on(scenario, "express: {within: 1h}")) {
            long usual = scenario.order().queue();
            long later = scenario.order().applyBy(Duration.ofHours(2)).queue();
            long notBefore = urgent(scenario).notBefore(Duration.ofHours(1)).queue();
            applied(scenario, urgent(scenario).queue());
            assertThat(List.of(usual, later, notBefore))
                    .allSatisfy(change ->
                            assertThat(scenario.orders.state(change)).isEqualTo("PENDING"));
        }
    }

    @Test
    void a_change_that_is_paused_waits_until_it_is_let_go() {
        try (var scenario = new Scenario();
                var _ = OpenLane.on(scenario)) {
            long set = scenario.orders.set();
            var paused = new PausedSets(scenario.database.dataSource());
            paused.pause(set, "kim", null);
            long change = urgent(scenario).inSet(set).queue();
            applied(scenario, urgent(scenario).queue());
            assertThat(scenario.orders.state(change)).isEqualTo("PENDING");

            assertThat(paused.letGo(set)).isPresent();
            applied(scenario, change);
        }
    }

    @Test
    void a_change_that_nobody_approved_waits_for_its_approval() {
        try (var scenario = new Scenario();
                var _ = OpenLane.on(scenario, "select: {approval: required}")) {
            long agreed = scenario.orders.set();
            long waiting = scenario.orders.set();
            long approved = urgent(scenario).inSet(agreed).queue();
            long unapproved = urgent(scenario).inSet(waiting).queue();
            scenario.orders.approve(agreed, "ann");
            applied(scenario, approved);
            assertThat(scenario.orders.state(unapproved)).isEqualTo("PENDING");

            scenario.orders.approve(waiting, "ann");
            applied(scenario, unapproved);
        }
    }

    @Test
    void a_change_whose_time_is_over_is_not_sent() {
        try (var scenario = new Scenario();
                var _ = OpenLane.on(scenario)) {
            long change = scenario.order().applyBy(Duration.ofSeconds(-1)).queue();
            Eventually.holds("it expired", () -> scenario.orders.state(change).equals("EXPIRED"));
            assertThat(scenario.simulator.ledger().writes()).isEmpty();
        }
    }

    @Test
    void a_run_that_holds_pages_does_not_hold_it_up_and_its_books_balance() {
        var barrier = new Barrier(4);
        try (var scenario = Scenario.behind(barrier, 8);
                var _ = OpenLane.on(scenario)) {
            for (int i = 0; i < 40; i++) {
                scenario.order().queue();
            }
            CompletableFuture<RunReport> run =
                    CompletableFuture.supplyAsync(
                            () -> scenario.run("api: {in-flight: 4}", "partitions: {chunk: 10}"));
            Eventually.holds("the run is stuck", () -> barrier.arrived() >= 4);
            long during = urgent(scenario).queue();
            applied(scenario, during);
            assertThat(run).isNotDone();

            barrier.lift();
            assertThat(run.join().exitCode()).isEqualTo(ExitCode.OK);
            assertThat(run.join().total().done()).isEqualTo(40);
            ThreeBooks.of(scenario).agree();
            theRecordIsWhole(scenario);
        }
    }

    @Test
    void rows_that_it_takes_from_a_run_are_not_missed_there() {
        var barrier = new Barrier(1);
        try (var scenario = Scenario.behind(barrier, 8)) {
            List<Long> planned = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                planned.add(urgent(scenario).queue());
            }
            CompletableFuture<RunReport> run =
                    CompletableFuture.supplyAsync(() ->
                            scenario.run(
                                    "api: {in-flight: 1}", "partitions: {per-role: 1, chunk: 1}"));
            Eventually.holds("the run is stuck", () -> barrier.arrived() == 1);
            try (var _ = OpenLane.on(scenario)) {
                Eventually.holds(
                        "the lane took the others",
                        () ->
                                scenario.count(
                                                "SELECT count(*) FROM reconciler.attribute_change WHERE state = 'APPLIED'")
                                        > 10);
                barrier.lift();
                planned.forEach(change -> applied(scenario, change));
            }
            assertThat(run.join().explanation()).isEqualTo("every row is in force");
            assertThat(run.join().total().done()).isBetween(1L, 9L);
            ThreeBooks.of(scenario).agree();
        }
    }

    @Test
    void it_never_overtakes_an_older_change_to_its_participant() {
        var barrier = new Barrier(1);
        try (var scenario = Scenario.behind(barrier, 8);
                var lane = OpenLane.on(scenario)) {
            Orders.Order order = scenario.order();
            long older = order.setting("tier", "older").queue();
            CompletableFuture<RunReport> run = CompletableFuture.supplyAsync(scenario::run);
            Eventually.holds("the older one is on the wire", () -> barrier.arrived() == 1);
            long newer = order.setting("tier", "newer").applyBy(SOON).queue();
            applied(scenario, urgent(scenario).queue());
            assertThat(scenario.orders.state(newer)).isEqualTo("PENDING");

            barrier.lift();
            run.join();
            applied(scenario, newer);
            assertThat(scenario.orders.state(older)).isEqualTo("APPLIED");
            assertThat(scenario.value(order, "tier")).isEqualTo("newer");
            assertThat(lane.failures()).isEmpty();
            ThreeBooks.of(scenario).agree();
        }
    }

    @Test
    void an_older_change_that_only_waits_is_superseded_by_it() {
        try (var scenario = new Scenario()) {
            Orders.Order order = scenario.order();
            long older = order.setting("tier", "older").queue();
            long newer = order.setting("tier", "newer").applyBy(SOON).queue();
            try (var _ = OpenLane.on(scenario)) {
                applied(scenario, newer);
            }
            assertThat(scenario.orders.state(older)).isEqualTo("SUPERSEDED");
            ThreeBooks.of(scenario).agree();
        }
    }

    @Test
    void a_newer_change_that_waits_for_its_run_goes_after_an_urgent_one() {
        try (var scenario = new Scenario()) {
            Orders.Order order = scenario.order();
            long urgent = order.setting("tier", "urgent").applyBy(SOON).queue();
            long newer = order.setting("tier", "newer").queue();
            long over = order.setting("skill", "1").applyBy(Duration.ofDays(-30_000)).queue();
            try (var _ = OpenLane.on(scenario)) {
                applied(scenario, urgent);
                Eventually.holds("it expired", () -> scenario.orders.state(over).equals("EXPIRED"));
                assertThat(scenario.orders.state(newer)).isEqualTo("PENDING");
            }
            assertThat(scenario.run().exitCode()).isEqualTo(ExitCode.OK);
            assertThat(scenario.value(order, "tier")).isEqualTo("newer");
            ThreeBooks.of(scenario).agree();
        }
    }

    @Test
    void of_two_that_serve_it_one_works_and_the_other_takes_over() {
        try (var scenario = new Scenario()) {
            OpenLane first = OpenLane.on(scenario);
            applied(scenario, urgent(scenario).queue());
            try (var second = OpenLane.on(scenario)) {
                try (first) {
                    for (int i = 0; i < 5; i++) {
                        applied(scenario, urgent(scenario).queue());
                    }
                }
                applied(scenario, urgent(scenario).queue());
                assertThat(second.failures()).isEmpty();
            }
            assertThat(scenario.count("SELECT count(*) FROM audit.run")).isEqualTo(2);
            ThreeBooks.of(scenario).agree();
        }
    }

    @Test
    void a_listening_connection_that_is_cut_comes_back_and_nothing_is_lost() {
        try (var scenario = new Scenario();
                var lane = OpenLane.on(scenario)) {
            applied(scenario, urgent(scenario).queue());
            assertThat(scenario.count(LISTENERS)).isEqualTo(1);
            scenario.jdbc
                    .sql(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN %' AND datname = current_database()")
                    .query()
                    .listOfRows();
            applied(scenario, urgent(scenario).queue());
            Eventually.holds("somebody listens again", () -> scenario.count(LISTENERS) == 1);
            applied(scenario, urgent(scenario).queue());
            assertThat(lane.failures()).isEmpty();
        }
    }

    @Test
    void it_shares_the_rate_with_a_run() {
        try (var scenario = new Scenario();
                var _ = OpenLane.on(scenario, "rate: {per-minute: 1200, learn: true}");
                var hiccups = Hiccups.begin()) {
            for (int i = 0; i < 25; i++) {
                scenario.order().queue();
            }
            CompletableFuture<RunReport> run =
                    CompletableFuture.supplyAsync(
                            () -> scenario.run("rate: {per-minute: 1200, learn: true}"));
            Instant end = Instant.now().plus(SOON);
            while (!run.isDone() && Instant.now().isBefore(end)) {
                applied(scenario, urgent(scenario).queue());
            }
            assertThat(run.join().exitCode()).isEqualTo(ExitCode.OK);
            assertThat(Departures.of(scenario).mostInASecond())
                    .isLessThanOrEqualTo(20 + Hiccups.slots(hiccups.longest(), 20));
        }
    }

    private static Orders.Order urgent(Scenario scenario) {
        return scenario.order().applyBy(SOON);
    }

    private static void applied(Scenario scenario, long change) {
        Eventually.holds(
                "change " + change + " was applied",
                () -> scenario.orders.state(change).equals("APPLIED"));
    }

    private static void theRecordIsWhole(Scenario scenario) {
        assertThat(new Verification(scenario.database.dataSource()).verify(null, List.of()).first())
                .isEmpty();
    }
}
