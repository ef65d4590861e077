package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.Eventually;
import reconciler.audit.Erasure;
import reconciler.audit.Verification;
import reconciler.change.ChangeState;
import reconciler.queue.RedriveFilter;
import reconciler.queue.Redrives.Verdict;

/// What people ask of runs and rows from a desk: it is done, recorded and sealed, and no row ends
/// twice.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SteeringTest {
    private static final String ONE_BY_ONE = "api: {in-flight: 2}";
    private static final String SMALL_PAGES = "partitions: {per-role: 1, chunk: 5}";
    private static final Steering.Order KIM = new Steering.Order("kim", "wrong list");

    @Test
    void a_run_is_stopped_from_another_host() {
        var barrier = new Barrier(2);
        try (var scenario = Scenario.behind(barrier, 8)) {
            queue(scenario, 20, null);
            var run = CompletableFuture.supplyAsync(() -> scenario.run(ONE_BY_ONE, SMALL_PAGES));
            Eventually.holds("two are on the wire", () -> barrier.arrived() == 2);

            assertThat(steering(scenario).stop(KIM).name()).isEqualTo("run 1");
            assertThatExceptionOfType(Contradiction.class)
                    .isThrownBy(() -> steering(scenario).stop(new Steering.Order("sam", null)))
                    .withMessageStartingWith("the run was asked to stop before, by kim");
            afterTwoRenewals(scenario);
            barrier.lift();

            RunReport report = run.join();
            assertThat(report.exitCode()).isEqualTo(ExitCode.STOPPED);
            assertThat(report.explanation()).startsWith("stopped by kim (wrong list)");
            assertThat(states(scenario)).containsEntry("PENDING", report.total().planned() - 2);
            ThreeBooks.of(scenario).agree();
            assertThat(events(scenario)).containsExactly("kim asked to stop run 1: wrong list");
            assertThat(scenario.run().exitCode())
                    .as("the wish is over with the run")
                    .isEqualTo(ExitCode.OK);
        }
    }

    @Test
    void a_run_tells_how_it_goes() {
        var barrier = new Barrier(2);
        try (var scenario = Scenario.behind(barrier, 8)) {
            queue(scenario, 20, null);
            var run = CompletableFuture.supplyAsync(() -> scenario.run(ONE_BY_ONE, SMALL_PAGES));
            Eventually.holds("two are on the wire", () -> barrier.arrived() == 2);
            var leases = new Leases(scenario.database.dataSource());

            Eventually.holds(
                    "the pulse is told",
                    () -> {
                        Leases.Holder holder = leases.holder();
                        return holder != null
                                && leases.pulse(holder) instanceof Pulse pulse
                                && pulse.roles()
                                        .equals(List.of(new Pulse.OfRole("contact", 20, 0, 0)));
                    });
            barrier.lift();
            assertThat(run.join().exitCode()).isEqualTo(ExitCode.OK);
        }
    }

    @Test
    void a_run_that_leaves_a_broken_api_alone_tells_why() {
        try (var scenario = new Scenario()) {
            queue(scenario, 20, null);
            scenario.simulator.faults().add("503");
            var stop = new StopSignal();
            var run =
                    CompletableFuture.supplyAsync(
                            () -> scenario.run(stop, ONE_BY_ONE, "breaker: {window: 4, open: 1m}"));
            var leases = new Leases(scenario.database.dataSource());

            Eventually.holds(
                    "it tells",
                    () -> {
                        Leases.Holder holder = leases.holder();
                        Pulse pulse = holder == null ? null : leases.pulse(holder);
                        return pulse != null
                                && ("the API is left alone for 60 s: 4 of the last 4 requests failed,"
                                                + " 4 of them with 503")
                                        .equals(pulse.heldUpBy());
                    });
            stop.raise(ExitCode.STOPPED, "enough");
            assertThat(run.join().exitCode()).isEqualTo(ExitCode.STOPPED);
        }
    }

    @Test
    void without_a_run_there_is_nothing_to_stop() {
        try (var scenario = new Scenario()) {
            assertThatExceptionOfType(Contradiction.class)
                    .isThrownBy(() -> steering(scenario).stop(KIM))
                    .withMessageStartingWith("no run is under way");
            assertThat(events(scenario)).isEmpty();
        }
    }

    @Test
    void a_paused_set_waits_until_it_is_let_go() {
        try (var scenario = new Scenario()) {
            queue(scenario, 3, null);
            long set = set(scenario);
            queue(scenario, 2, set);
            steering(scenario).pause(set, KIM);

            RunReport beside = scenario.run();
            assertThat(beside.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(beside.explanation())
                    .isEqualTo("every row is in force; 2 rows wait: change set 1 is paused by kim");
            assertThat(states(scenario)).containsEntry("PENDING", 2L);

            steering(scenario).unpause(set, KIM);
            assertThat(scenario.run().total().of(ChangeState.APPLIED)).isEqualTo(2);
            ThreeBooks.of(scenario).agree();
            assertThat(events(scenario))
                    .containsExactly(
                            "kim paused change set 1: wrong list",
                            "kim unpaused change set 1: wrong list");
        }
    }

    @Test
    void a_run_under_way_takes_no_page_more_of_what_is_paused() {
        var barrier = new Barrier(2);
        try (var scenario = Scenario.behind(barrier, 8)) {
            queue(scenario, 20, null);
            var run = CompletableFuture.supplyAsync(() -> scenario.run(ONE_BY_ONE, SMALL_PAGES));
            Eventually.holds("two are on the wire", () -> barrier.arrived() == 2);

            steering(scenario).pause(null, KIM);
            barrier.lift();

            RunReport report = run.join();
            assertThat(report.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(report.explanation())
                    .isEqualTo("every row is in force; 15 rows wait: everything is paused by kim");
            assertThat(states(scenario)).containsEntry("APPLIED", 5L).containsEntry("PENDING", 15L);
            ThreeBooks.of(scenario).agree();
        }
    }

    /// Else it would be applied after it when it is let go.
    @Test
    void an_older_row_that_is_paused_does_not_come_after_a_newer_one() {
        try (var scenario = new Scenario()) {
            long set = set(scenario);
            var order = scenario.order();
            long older = order.setting("tier", "old").inSet(set).queue();
            order.setting("tier", "new").queue();
            steering(scenario).pause(set, KIM);

            scenario.run();

            assertThat(scenario.orders.state(older)).isEqualTo("SUPERSEDED");
            assertThat(scenario.value(order, "tier")).isEqualTo("new");
        }
    }

    @Test
    void pausing_twice_or_letting_go_what_is_not_paused_changes_nothing() {
        try (var scenario = new Scenario()) {
            long set = set(scenario);
            assertRefused(
                    () -> steering(scenario).pause(set, KIM), "nothing of change set 1 waits");
            assertRefused(() -> steering(scenario).pause(9L, KIM), "there is no change set 9");
            assertRefused(() -> steering(scenario).unpause(set, KIM), "nothing is paused");
            queue(scenario, 1, set);
            steering(scenario).pause(set, KIM);
            assertRefused(
                    () -> steering(scenario).pause(set, KIM), "change set 1 is paused already");
            assertRefused(
                    () -> steering(scenario).unpause(null, KIM),
                    "everything is not paused as a whole; paused: change set 1");
            assertThat(events(scenario)).hasSize(1);
        }
    }

    @Test
    void a_cancelled_set_ends_in_sealed_outcomes_batch_by_batch() {
        try (var scenario = new Scenario()) {
            long set = set(scenario);
            queue(scenario, 450, set);
            long other = scenario.order().queue();
            // About 8 MB of values are a batch.
            scenario.jdbc
                    .sql(
                            "UPDATE reconciler.attribute_change SET attribute_value = repeat('v', 40000)")
                    .update();

            assertThat(cancellations(scenario).ofSet(set, KIM))
                    .isEqualTo(new Cancellations.Cancelled(450, 0));

            assertThat(scenario.count("SELECT count(*) FROM audit.seal WHERE kind = 'withdrawn'"))
                    .isEqualTo(3);
            assertThat(
                            scenario.count(
                                    "SELECT count(*) FROM audit.outcome WHERE status = 'CANCELLED' AND run_id IS NULL"))
                    .isEqualTo(450);
            assertThat(scenario.orders.state(other)).isEqualTo("PENDING");
            assertThat(
                            new Verification(scenario.database.dataSource())
                                    .verify(null, List.of())
                                    .isSound())
                    .isTrue();
            assertRefused(
                    () -> cancellations(scenario).ofSet(set, KIM),
                    "nothing of change set 1 is pending");
        }
    }

    @Test
    void a_set_that_is_cancelled_while_it_runs_ends_each_row_once() {
        var barrier = new Barrier(2);
        try (var scenario = Scenario.behind(barrier, 8)) {
            long set = set(scenario);
            queue(scenario, 40, set);
            var run = CompletableFuture.supplyAsync(() -> scenario.run(ONE_BY_ONE, SMALL_PAGES));
            Eventually.holds("two are on the wire", () -> barrier.arrived() == 2);

            assertThat(cancellations(scenario).ofSet(set, KIM))
                    .isEqualTo(new Cancellations.Cancelled(35, 5));
            assertRefused(
                    () -> cancellations(scenario).ofSet(set, KIM),
                    "all that is left of change set 1 is in flight");
            barrier.lift();

            assertThat(run.join().exitCode()).isEqualTo(ExitCode.OK);
            assertThat(states(scenario)).isEqualTo(Map.of("APPLIED", 5L, "CANCELLED", 35L));
            ThreeBooks.of(scenario).agree();
        }
    }

    @Test
    void what_failed_is_redriven_once_in_a_new_set() {
        try (var scenario = new Scenario()) {
            queue(scenario, 4, null);
            scenario.simulator.faults().add("400-attribute times=3");
            scenario.run();
            var ofTheRun = filter(1L, 2);

            assertThat(steering(scenario).wouldRedrive(ofTheRun))
                    .isEqualTo(Map.of(Verdict.CHOSEN, 3L));
            assertThat(
                            steering(scenario)
                                    .wouldRedrive(
                                            new RedriveFilter(
                                                    1L, null, ofTheRun.statuses(), "other", 9)))
                    .isEmpty();
            assertThat(steering(scenario).redrive(ofTheRun, "run 1", KIM).rows()).isEqualTo(2);
            assertThat(steering(scenario).redrive(ofTheRun, "run 1", KIM).rows()).isEqualTo(1);
            assertRefused(
                    () -> steering(scenario).redrive(ofTheRun, "run 1", KIM),
                    "nothing is left to redrive");
            assertThat(steering(scenario).wouldRedrive(ofTheRun))
                    .isEqualTo(Map.of(Verdict.REDRIVEN, 3L));
            assertThat(scenario.count("SELECT count(*) FROM reconciler.change_set")).isEqualTo(2);

            assertThat(scenario.run().exitCode()).isEqualTo(ExitCode.OK);
            assertThat(states(scenario)).isEqualTo(Map.of("APPLIED", 4L, "REJECTED", 3L));
            assertThat(scenario.count("SELECT count(DISTINCT change_id) FROM audit.outcome"))
                    .isEqualTo(7);
        }
    }

    @Test
    void what_a_newer_change_has_overtaken_is_not_redriven() {
        try (var scenario = new Scenario()) {
            var order = scenario.order();
            order.setting("tier", "old").queue();
            scenario.simulator.faults().add("400-attribute times=1");
            scenario.run();
            order.setting("tier", "newer").queue();
            assertThat(steering(scenario).wouldRedrive(filter(1L, 9)))
                    .as("the newer one waits")
                    .isEqualTo(Map.of(Verdict.OVERTAKEN, 1L));
            scenario.run();

            assertThat(steering(scenario).wouldRedrive(filter(1L, 9)))
                    .as("the newer one is in force")
                    .isEqualTo(Map.of(Verdict.OVERTAKEN, 1L));
            assertThat(scenario.value(order, "tier")).isEqualTo("newer");
        }
    }

    @Test
    void an_erased_value_is_not_redriven() {
        try (var scenario = new Scenario()) {
            var order = scenario.order();
            order.queue();
            scenario.simulator.faults().add("400-attribute times=1");
            scenario.run();
            new Erasure(scenario.database.dataSource())
                    .erase(order.participant(), "kim", "asked for");

            assertThat(steering(scenario).wouldRedrive(filter(1L, 9)))
                    .isEqualTo(Map.of(Verdict.ERASED, 1L));
        }
    }

    @Test
    void an_expired_row_is_redriven_without_its_deadline() {
        try (var scenario = new Scenario()) {
            scenario.order().applyBy(Duration.ofSeconds(-1)).queue();
            scenario.run();
            var expired = new RedriveFilter(1L, null, Set.of(ChangeState.EXPIRED), null, 9);

            steering(scenario).redrive(expired, "run 1", KIM);

            assertThat(scenario.run().total().of(ChangeState.APPLIED)).isEqualTo(1);
        }
    }

    /// The holder has heard by then what it was to hear.
    private static void afterTwoRenewals(Scenario scenario) {
        var leases = new Leases(scenario.database.dataSource());
        for (int i = 0; i < 2; i++) {
            Instant before = Objects.requireNonNull(leases.holder()).renewedAt();
            Eventually.holds(
                    "the lease is renewed",
                    () -> Objects.requireNonNull(leases.holder()).renewedAt().isAfter(before));
        }
    }

    private static Cancellations cancellations(Scenario scenario) {
        return new Cancellations(scenario.database.dataSource());
    }

    private static Steering steering(Scenario scenario) {
        return new Steering(scenario.database.dataSource());
    }

    private static RedriveFilter filter(long run, long limit) {
        return new RedriveFilter(
                run, null, Set.of(ChangeState.REJECTED, ChangeState.FAILED), null, limit);
    }

    private static void assertRefused(ThrowingCallable act, String why) {
        assertThatExceptionOfType(Contradiction.class).isThrownBy(act).withMessageStartingWith(why);
    }

    private static void queue(Scenario scenario, int rows, @Nullable Long set) {
        LongStream.range(0, rows)
                .forEach(_ -> {
                    var order = scenario.order();
                    var _ = (set == null ? order : order.inSet(set)).queue();
                });
    }

    private static long set(Scenario scenario) {
        return scenario.count(
                "INSERT INTO reconciler.change_set (requested_by) VALUES ('kim') RETURNING id");
    }

    private static Map<String, Long> states(Scenario scenario) {
        var states = new TreeMap<String, Long>();
        scenario.rows(
                        "SELECT state, count(*) AS rows FROM reconciler.attribute_change GROUP BY state")
                .forEach(row -> states.put((String) row.get("state"), (Long) row.get("rows")));
        return states;
    }

    private static List<String> events(Scenario scenario) {
        return scenario.jdbc
                .sql(
                        "SELECT actor || ' ' || action || ' ' || object || ': ' || reason FROM audit.event ORDER BY event_id")
                .query(String.class)
                .list();
    }
}
