package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reconciler.queue.Orders.Order;
import reconciler.simulator.Simulator;
import reconciler.simulator.SimulatorSettings;

/// Promise 3, where an answer was lost: the late request of an older change does not land after
/// that of a newer one.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SupersededInDoubtTest {
    /// The call is given up after three seconds; the API carries it out after five and a half, when
    /// a run that did not wait has long sent the newer one.
    private static final long CARRIED_OUT_AFTER_MILLIS = 5_500;

    @Test
    @Timeout(60)
    void a_newer_change_waits_until_the_request_of_the_older_one_is_over_and_is_read_back() {
        var stop = new StopSignal();
        var first = new AtomicBoolean(true);
        SimulatorSettings settings = SimulatorSettings.with().tokens(Set.of("token")).build();
        Simulator late =
                Simulator.start(
                        settings,
                        InstantSource.system(),
                        latency -> {
                            Thread.sleep(latency);
                            if (first.getAndSet(false)) {
                                stop.raise(ExitCode.STOPPED, "the test stops it");
                                Thread.sleep(CARRIED_OUT_AFTER_MILLIS);
                            }
                        });
        try (var scenario =
                new Scenario(8, late)
                        .with("RECONCILER_API_CLIENT_ID", "")
                        .with("RECONCILER_API_CLIENT_SECRET", "")
                        .with("RECONCILER_API_ACCESS_TOKEN", "token")) {
            Order order = scenario.order();
            long older = order.setting("tier", "old").queue();
            RunReport stopped = scenario.run(stop, "api: {in-flight: 8, timeout: 3s}");
            assertThat(stopped.exitCode()).isEqualTo(ExitCode.STOPPED);
            assertThat(scenario.rows("SELECT state, in_doubt FROM reconciler.attribute_change"))
                    .containsExactly(Map.of("state", "PENDING", "in_doubt", true));
            assertThat(scenario.simulator.ledger().writes()).isEmpty();
            long newer = order.setting("tier", "new").queue();

            RunReport report = scenario.run("api: {in-flight: 8, timeout: 3s}");

            assertThat(report.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(scenario.simulator.ledger().writes())
                    .extracting(write -> write.attributes().get("tier"))
                    .containsExactly("old", "new");
            assertThat(scenario.value(order, "tier")).isEqualTo("new");
            assertThat(scenario.outcome(older))
                    .containsEntry("status", "SUPERSEDED")
                    .containsEntry("in_doubt", true)
                    .containsEntry(
                            "error_message",
                            "change "
                                    + newer
                                    + " is newer; it was in doubt, and a read found its value");
            assertThat(scenario.outcome(newer))
                    .containsEntry("status", "APPLIED")
                    .containsEntry("confirmed_by", "read-back");
        }
    }
}
