package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.calendar.Cron;
import reconciler.calendar.Window;
import reconciler.change.ParticipantRole;
import reconciler.outcome.Backoff;
import reconciler.outcome.ConflictPolicy;
import reconciler.outcome.Exhausted;
import reconciler.outcome.Policies;
import reconciler.outcome.RoleMismatch;
import reconciler.outcome.ThrottlePolicy;
import reconciler.outcome.UnavailablePolicy;
import reconciler.patch.BreakerSettings;
import reconciler.queue.ApprovalRule;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class JobFileTest {
    @Test
    void every_key_but_the_name_has_a_default() {
        String text = "job: nightly\n";
        assertThat(JobFile.parse("nightly.yml", text))
                .isEqualTo(
                        new JobFile(
                                "nightly",
                                null,
                                null,
                                new JobFile.Selection(List.of(), new ApprovalRule.None()),
                                new JobFile.Partitioning(JobFile.Partitioning.AUTO, 200),
                                new JobFile.Calls(64, Duration.ofSeconds(10)),
                                new JobFile.Rate(300, true, Share.NONE),
                                new Policies(
                                        new ConflictPolicy(
                                                3,
                                                new Backoff(
                                                        Duration.ofMillis(200),
                                                        Duration.ofSeconds(5)),
                                                Exhausted.SKIP),
                                        new ThrottlePolicy(
                                                Duration.ofMinutes(3),
                                                Duration.ofSeconds(3),
                                                Exhausted.DEFER),
                                        new UnavailablePolicy(
                                                5,
                                                new Backoff(
                                                        Duration.ofSeconds(1),
                                                        Duration.ofSeconds(30))),
                                        RoleMismatch.CORRECT),
                                JobFile.BeforeImage.READ,
                                Share.NONE,
                                null,
                                null,
                                BreakerSettings.DEFAULT,
                                text));
    }

    @Test
    void every_key_can_be_given() {
        String text =
                """
                job: urgent
                schedule: {cron: "*/5 8-18 * * MON-FRI", zone: Europe/Berlin, window: "22:00-09:30", misfire: skip}
                express: {within: 15m}
                select: {roles: [agent, acd-queue], approval: required}
                partitions: {per-role: 7, chunk: 50}
                api: {in-flight: 8, timeout: 2500ms}
                rate: {per-minute: 120, learn: false, leave: 10%}
                throttled: {max-wait: 45s, then: skip}
                conflict: {attempts: 9, backoff: 1s..1m, then: defer}
                unavailable: {attempts: 2, backoff: 5ms..5ms}
                role-mismatch: reject
                before-image: off
                verify: {sample: 12.5%}
                canary: {per-role: 3, stop-above: 0%}
                failure-budget: {rows: 100%, at-least: 1}
                breaker: {window: 5, failures: 80%, slow: 2s, open: 10s, trial: 1, openings: 4}
                """;
        assertThat(JobFile.parse("urgent.yml", text))
                .isEqualTo(
                        new JobFile(
                                "urgent",
                                new Schedule(
                                        Cron.parse("*/5 8-18 * * MON-FRI"),
                                        ZoneId.of("Europe/Berlin"),
                                        new Window(LocalTime.of(22, 0), LocalTime.of(9, 30)),
                                        Schedule.Misfire.SKIP),
                                new JobFile.Express(Duration.ofMinutes(15)),
                                new JobFile.Selection(
                                        List.of(
                                                new ParticipantRole("agent"),
                                                new ParticipantRole("acd-queue")),
                                        new ApprovalRule.Required()),
                                new JobFile.Partitioning(7, 50),
                                new JobFile.Calls(8, Duration.ofMillis(2500)),
                                new JobFile.Rate(120, false, Share.ofPercent("10")),
                                new Policies(
                                        new ConflictPolicy(
                                                9,
                                                new Backoff(
                                                        Duration.ofSeconds(1),
                                                        Duration.ofMinutes(1)),
                                                Exhausted.DEFER),
                                        new ThrottlePolicy(
                                                Duration.ofSeconds(45),
                                                Duration.ofSeconds(3),
                                                Exhausted.SKIP),
                                        new UnavailablePolicy(
                                                2,
                                                new Backoff(
                                                        Duration.ofMillis(5),
                                                        Duration.ofMillis(5))),
                                        RoleMismatch.REJECT),
                                JobFile.BeforeImage.OFF,
                                Share.ofPercent("12.5"),
                                new JobFile.Canary(3, Share.NONE),
                                new JobFile.FailureBudget(Share.ofPercent("100"), 1),
                                new BreakerSettings(
                                        5,
                                        0.8,
                                        Duration.ofSeconds(2),
                                        Duration.ofSeconds(10),
                                        1,
                                        4),
                                text));
    }

    @Test
    void an_empty_section_means_its_defaults() {
        JobFile job =
                JobFile.parse(
                        "j.yml", "job: j\nschedule: {cron: 0 2 * * *}\ncanary: {}\nrate: {}\n");
        assertThat(job.schedule())
                .isEqualTo(
                        new Schedule(
                                Cron.parse("0 2 * * *"),
                                ZoneId.of("UTC"),
                                null,
                                Schedule.Misfire.RUN_ONCE));
        assertThat(job.canary()).isEqualTo(new JobFile.Canary(20, Share.ofPercent("10")));
        assertThat(job.failureBudget()).isNull();
    }

    @Test
    void the_hash_is_the_one_that_sha256sum_prints() {
        assertThat(JobFile.parse("j.yml", "job: j\n").sha256())
                .isEqualTo("1926fd4d53c4761fb2cef6c634e0e93fbf5449279ac54087744b7d48dc47f2c6");
    }

    @Test
    void a_budget_is_spent_by_more_than_its_share_and_no_fewer_than_its_least() {
        var budget = new JobFile.FailureBudget(Share.ofPercent("5"), 10);
        assertThat(budget.isSpentBy(9, 9)).isFalse();
        assertThat(budget.isSpentBy(10, 200)).isFalse();
        assertThat(budget.isSpentBy(10, 199)).isTrue();
        assertThat(budget.isSpentBy(0, 0)).isFalse();
    }
}
