package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import reconciler.queue.Orders.Order;

/// Promise 4, for every command that reaches the wire: one request, for a token too, is one attempt
/// row, sealed as others are.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RequestsOnRecordTest {
    @TempDir private Path folder;

    @Test
    void after_each_command_the_attempts_are_the_requests_that_arrived() {
        try (var desk = new Desk(folder)) {
            long set = desk.orders.set();
            Order first = desk.order().inSet(set);
            first.queue();
            desk.order().as("agent").inSet(set).queue();
            long byHand = desk.order().queue();

            says(desk, 0, "doctor");
            says(desk, 0, "plan", String.valueOf(set), "--job", "quick");
            says(desk, 0, "probe", String.valueOf(byHand), "--job", "quick");
            says(desk, 0, "probe", String.valueOf(byHand), "--job", "quick", "--send");
            says(desk, 0, "run", "quick");
            says(desk, 0, "run", "quick");
            says(desk, 0, "verify", String.valueOf(set), "--job", "quick");
            desk.simulator
                    .conversations()
                    .add(
                            first.conversation().toString(),
                            first.participant().toString(),
                            "customer",
                            Map.of("priority", "low"));
            says(desk, 3, "verify", "--since", "-1h", "--job", "quick");
            says(desk, 0, "undo", String.valueOf(set), "--job", "quick", "--yes");

            assertThat(looks(desk)).containsExactly("check", "plan", "verify", "verify", "undo");
        }
    }

    @Test
    void so_they_are_when_the_api_says_no() {
        try (var desk = new Desk(folder)) {
            desk.order().queue();
            desk.with("RECONCILER_API_CLIENT_SECRET", "wrong");

            says(desk, 77, "plan", "--job", "quick");
            says(desk, 77, "run", "quick");
            says(desk, 77, "doctor");
            desk.with("RECONCILER_API_CLIENT_SECRET", "demo-secret");
            desk.simulator.faults().add("503 times=1000");
            says(desk, 0, "plan", "--job", "quick");

            assertThat(looks(desk)).containsExactly("plan", "check", "check", "plan");
        }
    }

    @Test
    void a_look_is_no_run_that_anybody_asks_about() {
        try (var desk = new Desk(folder)) {
            desk.order().queue();
            says(desk, 0, "run", "quick");
            desk.order().queue();
            says(desk, 0, "plan", "--job", "quick");

            assertThat(desk.says("status", "--runs", "5").out())
                    .contains("manual")
                    .doesNotContainPattern("\\bplan\\b");
            Desk.Said resumed = desk.says("resume", "1000000001");
            assertThat(resumed.exit()).isEqualTo(65);
            assertThat(resumed.err()).contains("number 1000000001 is of a look (plan)");
        }
    }

    /// A run begins while a plan is being made: the plan is not taken for a run that died.
    @Test
    void a_look_under_way_is_not_buried_by_a_run() {
        try (var desk = new Desk(folder)) {
            desk.order().queue();
            says(desk, 0, "plan", "--job", "quick");
            var jdbc = JdbcClient.create(desk.database.dataSource());
            jdbc.sql(
                            """
                            INSERT INTO audit.run (job, trigger, started_by, host, version, job_file_sha256, job_file, api,
                                                   contract, epoch, planned, horizon, approval_rule)
                            SELECT job, trigger, started_by, host, version, job_file_sha256, job_file, api, contract, 0, 0, 0,
                                   approval_rule
                              FROM audit.run
                            """)
                    .update();

            says(desk, 0, "run", "quick");

            assertThat(
                            jdbc.sql(
                                            "SELECT ended_at IS NULL FROM audit.v_run WHERE run_id = 1000000002")
                                    .query(Boolean.class)
                                    .single())
                    .isTrue();
        }
    }

    private static void says(Desk desk, int exit, String... command) {
        Desk.Said said = desk.says(command);
        assertThat(said.exit()).as("%s: %s", List.of(command), said.err()).isEqualTo(exit);
        assertThat(attempts(desk))
                .as("after %s", List.of(command))
                .containsExactlyInAnyOrderElementsOf(requests(desk));
        Desk.Said verified = desk.says("audit", "verify");
        assertThat(verified.exit()).as(verified.out() + verified.err()).isZero();
    }

    private static List<String> requests(Desk desk) {
        return desk.simulator.ledger().requests().stream()
                .map(request -> request.method() + " " + request.path() + " " + request.status())
                .toList();
    }

    private static List<String> attempts(Desk desk) {
        return JdbcClient.create(desk.database.dataSource())
                .sql("SELECT method || ' ' || path || ' ' || http_status FROM audit.v_attempt")
                .query(String.class)
                .list();
    }

    private static List<String> looks(Desk desk) {
        return JdbcClient.create(desk.database.dataSource())
                .sql("SELECT trigger FROM audit.v_run WHERE epoch = 0 ORDER BY run_id")
                .query(String.class)
                .list();
    }
}
