package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.audit.AuditTrail;
import reconciler.audit.AuditView;
import reconciler.audit.RunStart;
import reconciler.audit.RunStart.Trigger;

/// Several hosts serve the same schedules: one run for each firing, whichever host is first.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ServedOnceTest {
    private static final Instant FIRING = Instant.parse("2026-11-23T02:00:00Z");

    @Test
    void a_firing_that_another_host_has_served_is_not_run_again() {
        try (var scenario = new Scenario()) {
            run(scenario);
            long later = scenario.order().setting("tier", "gold").queue();

            assertThatThrownBy(() -> run(scenario))
                    .isInstanceOf(AlreadyServed.class)
                    .hasMessage(
                            "a run of job quick served the firing of 2026-11-23T02:00:00Z already");

            assertThat(scenario.orders.state(later)).isEqualTo("PENDING");
            assertThat(scenario.count("SELECT count(*) FROM audit.v_run")).isEqualTo(1);
            assertThat(lastScheduled(scenario)).isEqualTo(FIRING);
        }
    }

    @Test
    void a_firing_whose_run_died_is_run_again() {
        try (var scenario = new Scenario()) {
            JobFile job = Scenario.request().job();
            new AuditTrail(scenario.database.dataSource())
                    .open(
                            new RunStart(
                                    job.job(),
                                    Trigger.SCHEDULE,
                                    FIRING,
                                    "schedule",
                                    "there",
                                    "test",
                                    job.sha256(),
                                    job.text(),
                                    RunStart.Approvals.NONE,
                                    scenario.simulator.uri().toString(),
                                    "web",
                                    0,
                                    0,
                                    0));
            assertThat(lastScheduled(scenario)).isNull();

            RunReport report = run(scenario);

            assertThat(report.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(lastScheduled(scenario)).isEqualTo(FIRING);
        }
    }

    private static RunReport run(Scenario scenario) {
        var request =
                new RunRequest(Scenario.request().job(), Trigger.SCHEDULE, FIRING, "schedule");
        return scenario.reconciliation().run(request, new StopSignal(), _ -> {});
    }

    private static @Nullable Instant lastScheduled(Scenario scenario) {
        return new AuditView(scenario.database.dataSource()).lastScheduled("quick");
    }
}
