package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.Eventually;
import reconciler.change.ChangeState;

/// What a run counted, was kept from taking, and is let go when its partition has ended: the books
/// balance, and the next run takes it.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LetGoTooLateTest {
    private static final Steering.Order KIM = new Steering.Order("kim", "the list is checked");

    private static final String APPROVED =
            """
            INSERT INTO reconciler.approval (change_set_id, verdict, plan_id, plan_sha256, approver, requested_by, queued_login,
                                             valid_until)
            SELECT id, 'approved', approved_plan, approved_sha256, approved_by, requested_by, queued_login,
                   now() + interval '1 day'
              FROM reconciler.change_set
            """;

    private final Barrier barrier = new Barrier(2);

    @Test
    void a_pause_that_ended() throws SQLException {
        try (var scenario = Scenario.behind(barrier, 8)) {
            long set = scenario.orders.set();
            var steering = new Steering(scenario.database.dataSource());

            endsInOrder(
                    scenario,
                    set,
                    () -> steering.pause(set, KIM),
                    () -> steering.unpause(set, KIM));
        }
    }

    @Test
    void a_pause_of_everything_that_ended() throws SQLException {
        try (var scenario = Scenario.behind(barrier, 8)) {
            var steering = new Steering(scenario.database.dataSource());

            endsInOrder(
                    scenario,
                    scenario.orders.set(),
                    () -> steering.pause(null, KIM),
                    () -> steering.unpause(null, KIM));
        }
    }

    @Test
    void an_approval_that_lapsed_and_was_given_again() throws SQLException {
        try (var scenario = Scenario.behind(barrier, 8)) {
            endsInOrder(
                    scenario,
                    scenario.orders.set(),
                    () -> approvedUntil(scenario, "now()"),
                    () -> {
                        approvedUntil(scenario, "now() + interval '1 day'");
                        scenario.jdbc.sql(APPROVED).update();
                    },
                    "select: {approval: required}");
        }
    }

    private static void approvedUntil(Scenario scenario, String time) {
        scenario.jdbc.sql("UPDATE reconciler.change_set SET approved_until = " + time).update();
    }

    private void endsInOrder(
            Scenario scenario, long set, Runnable hold, Runnable letGo, String... lines)
            throws SQLException {
        for (int i = 0; i < 20; i++) {
            scenario.order().inSet(set).queue();
        }
        scenario.orders.approve(set, "robin");
        String[] job =
                Stream.concat(
                                Stream.of(
                                        "api: {in-flight: 2}",
                                        "partitions: {per-role: 1, chunk: 5}"),
                                Stream.of(lines))
                        .toArray(String[]::new);
        var run = CompletableFuture.supplyAsync(() -> scenario.run(job));
        Eventually.holds("two are on the wire", () -> barrier.arrived() == 2);
        hold.run();
        try (Connection connection = scenario.database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            // The step that is over with its partitions cannot end before this transaction.
            statement.execute(
                    "SELECT FROM batch.batch_step_execution WHERE step_name = 'patch' FOR UPDATE");
            barrier.lift();
            Eventually.holds(
                    "the partition has ended",
                    () ->
                            scenario.count(
                                            "SELECT count(*) FROM batch.batch_step_execution"
                                                    + " WHERE step_name LIKE 'worker:%' AND status = 'COMPLETED'")
                                    == 1);
            letGo.run();
            connection.rollback();
        }

        RunReport report = run.join();
        assertThat(report.exitCode()).as(report.explanation()).isEqualTo(ExitCode.OK);
        assertThat(report.explanation())
                .isEqualTo("every row is in force; 15 rows are due and wait for the next run");
        assertThat(scenario.run(job).total().of(ChangeState.APPLIED)).isEqualTo(15);
        ThreeBooks.of(scenario).agree();
    }
}
