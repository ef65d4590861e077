package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.Eventually;
import reconciler.audit.Verification;
import reconciler.database.Database;
import reconciler.embedded.TestPostgres;
import reconciler.patch.ApiSettings;
import reconciler.queue.Orders;
import reconciler.simulator.Simulator;
import reconciler.simulator.SimulatorSettings;

/// The whole job as `reconciler_app`, which may only select and insert what is audited.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LeastPrivilegeTest {

    @Test
    void the_job_runs_with_the_rights_of_the_application_alone() {
        var settings = TestPostgres.databaseWithRoles();
        try (Database database = Database.open(TestPostgres.as(settings, "reconciler_app"), 8);
                Simulator simulator = Simulator.start(SimulatorSettings.with().build())) {
            var orders = new Orders(database.dataSource());
            var order = orders.order();
            simulator
                    .conversations()
                    .add(
                            order.conversation().toString(),
                            order.participant().toString(),
                            "customer",
                            Map.of());
            long applied = order.queue();
            long rejected = orders.order().queue();

            RunReport report =
                    new Reconciliation(
                                    database.dataSource(),
                                    ApiSettings.of(
                                            Map.of(
                                                            "RECONCILER_API_BASE_URL",
                                                            simulator.uri().toString(),
                                                            "RECONCILER_API_CLIENT_ID",
                                                            "demo",
                                                            "RECONCILER_API_CLIENT_SECRET",
                                                            "demo-secret")
                                                    ::get),
                                    new Reconciliation.Identity(
                                            "here", 1, "test", UUID::randomUUID),
                                    InstantSource.system(),
                                    new Random(7))
                            .run(Scenario.request("before-image: read"), new StopSignal(), _ -> {});

            assertThat(report.exitCode()).isEqualTo(ExitCode.NOT_APPLIED);
            assertThat(orders.state(applied)).isEqualTo("APPLIED");
            assertThat(orders.state(rejected)).isEqualTo("REJECTED");
            Verification.Report verified =
                    new Verification(database.dataSource()).verify(null, List.of(report.head()));
            assertThat(verified.first()).isEmpty();
            assertThat(verified.outcomes()).isEqualTo(2);
        }
    }

    @Test
    void the_express_lane_has_no_more_and_hears_of_what_the_intake_role_queues()
            throws SQLException {
        var settings = TestPostgres.databaseWithRoles();
        try (var scenario =
                        new Scenario(
                                TestPostgres.as(settings, "reconciler_app"),
                                8,
                                Simulator.start(SimulatorSettings.with().build()));
                var lane = OpenLane.on(scenario)) {
            var order = scenario.order();
            var intake = TestPostgres.as(settings, "reconciler_intake");
            try (Connection connection =
                            DriverManager.getConnection(
                                    intake.url(), intake.user(), intake.password());
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate(
                        """
                        INSERT INTO reconciler.attribute_change
                               (conversation_id, participant_id, participant_role, attribute_name, attribute_value, requested_by,
                                apply_by)
                        VALUES ('%s', '%s', 'contact', 'tier', 'gold', 'kim', now() + interval '5 minutes')
                        """
                                .formatted(order.conversation(), order.participant()));
            }
            Eventually.holds("it was applied", () -> scenario.value(order, "tier").equals("gold"));
            Eventually.holds(
                    "it was settled",
                    () ->
                            scenario.count(
                                            "SELECT count(*) FROM audit.v_outcome WHERE status = 'APPLIED'")
                                    == 1);
            assertThat(lane.failures()).isEmpty();
        }
    }
}
