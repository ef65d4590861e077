package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reconciler.change.AttributeChange;
import reconciler.change.ChangeState;
import reconciler.change.Participant;
import reconciler.change.ParticipantRole;
import reconciler.change.Provenance;
import reconciler.outcome.ConfirmedBy;
import reconciler.outcome.Disposition;
import reconciler.outcome.Evidence;
import reconciler.outcome.Settlement;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FailureWatchTest {
    private static final Disposition APPLIED = Disposition.Settled.applied(ConfirmedBy.ANSWER);
    private static final Disposition FAILED = Disposition.Settled.as(ChangeState.FAILED);

    private final StopSignal stop = new StopSignal();

    @Test
    void the_budget_is_spent_above_its_share_and_not_before_its_least_rows() {
        FailureWatch watch = watch("failure-budget: {rows: 10%, at-least: 3}");

        watch.saw(rows(2, FAILED));
        assertThat(stop.isRaised()).as("too few to tell").isFalse();
        watch.saw(rows(28, APPLIED));
        watch.saw(rows(1, FAILED));
        assertThat(stop.isRaised()).as("3 of 31 is 9.7 %").isFalse();

        watch.saw(rows(1, FAILED));

        assertThat(reason().exitCode()).isEqualTo(ExitCode.STOPPED_BY_FAILURES);
        assertThat(reason().message())
                .isEqualTo(
                        "the failure budget is spent: 4 of 32 rows failed, 4 of them FAILED (failure-budget: 10%,"
                                + " at least 3 rows); what was not sent is pending");
    }

    @ParameterizedTest
    @EnumSource(
            value = ChangeState.class,
            names = {"REJECTED", "CONFLICT", "FAILED"})
    void what_did_not_work_is_a_failure(ChangeState state) {
        watch("failure-budget: {rows: 0%, at-least: 1}")
                .saw(rows(1, Disposition.Settled.as(state)));

        assertThat(stop.isRaised()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = ChangeState.class,
            names = {"UNCHANGED", "SUPERSEDED", "EXPIRED", "CANCELLED"})
    void what_needed_nothing_or_came_too_late_is_none(ChangeState state) {
        watch("failure-budget: {rows: 0%, at-least: 1}")
                .saw(rows(1, Disposition.Settled.as(state)));

        assertThat(stop.isRaised()).isFalse();
    }

    @Test
    void what_waits_counts_neither_way() {
        FailureWatch watch = watch("failure-budget: {rows: 50%, at-least: 1}");

        watch.saw(rows(10, new Disposition.Released()));
        watch.saw(rows(10, new Disposition.Deferred(Duration.ofMinutes(1))));
        watch.saw(rows(1, FAILED));

        assertThat(reason().message()).contains("1 of 1 rows");
    }

    @Test
    void the_canary_is_judged_when_it_is_back() {
        FailureWatch watch = watch("canary: {per-role: 10, stop-above: 10%}");
        watch.saw(rows(2, FAILED));
        watch.saw(rows(8, APPLIED));
        assertThat(stop.isRaised()).isFalse();

        watch.canaryReturned();

        assertThat(reason().exitCode()).isEqualTo(ExitCode.STOPPED_BY_FAILURES);
        assertThat(reason().message()).startsWith("the canary failed: 2 of its 10 rows");
    }

    @Test
    void a_canary_at_its_limit_is_well() {
        FailureWatch watch = watch("canary: {per-role: 10, stop-above: 10%}");
        watch.saw(rows(1, FAILED));
        watch.saw(rows(9, APPLIED));

        watch.canaryReturned();

        assertThat(stop.isRaised()).isFalse();
    }

    @Test
    void a_job_without_limits_never_stops() {
        FailureWatch watch = watch("rate: {per-minute: 300}");
        watch.saw(rows(100, FAILED));
        watch.canaryReturned();

        assertThat(stop.isRaised()).isFalse();
    }

    private FailureWatch watch(String line) {
        return new FailureWatch(JobFile.parse("j.yml", "job: j\n" + line + "\n"), stop);
    }

    private StopSignal.Reason reason() {
        return Objects.requireNonNull(stop.reason());
    }

    private static List<Settlement> rows(int count, Disposition disposition) {
        var change =
                new AttributeChange(
                        1,
                        new Participant(new UUID(0, 1), new UUID(0, 2)),
                        new ParticipantRole("contact"),
                        "priority",
                        "high",
                        new Provenance(null, "kim", null),
                        null,
                        null,
                        false,
                        0);
        return Collections.nCopies(count, Settlement.unsent(change, disposition, Evidence.NONE));
    }
}
