package reconciler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.change.ChangeState;

/// What is told of an outcome is true of every row that ends so.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class InWordsTest {
    private static final String MAY_BE = "a request that was sent before may have been applied";

    @Test
    void what_expired_was_not_applied_however_often_it_was_sent() {
        AnOutcome expired = AnOutcome.of(ChangeState.EXPIRED);
        assertThat(words(expired)).isEqualTo("its apply-by had passed; it was not applied");
        assertThat(words(expired.after(2)))
                .isEqualTo("its apply-by had passed; it was not applied");
        assertThat(words(expired.after(2).inDoubtStill()))
                .isEqualTo("its apply-by had passed; " + MAY_BE);
    }

    @Test
    void what_was_superseded_may_have_been_applied_before() {
        AnOutcome superseded =
                AnOutcome.of(ChangeState.SUPERSEDED)
                        .because(null, "superseded", "change 36 is newer");
        assertThat(words(superseded)).isEqualTo("change 36 is newer; this one was not applied");
        assertThat(words(superseded.after(3)))
                .isEqualTo("change 36 is newer; this one was not applied");
        assertThat(words(superseded.inDoubtStill())).isEqualTo("change 36 is newer; " + MAY_BE);
    }

    @Test
    void what_was_withdrawn_may_have_been_applied_before() {
        AnOutcome cancelled = AnOutcome.of(ChangeState.CANCELLED);
        AnOutcome withReason = cancelled.because(null, "cancelled", "last month's list");
        assertThat(words(cancelled)).isEqualTo("withdrawn before it was applied");
        assertThat(words(withReason.after(1)))
                .isEqualTo("withdrawn before it was applied: last month's list");
        assertThat(words(withReason.after(1).inDoubtStill()))
                .isEqualTo("withdrawn; " + MAY_BE + ": last month's list");
    }

    @Test
    void a_value_that_was_there_was_there_before_or_is_another_s_doing() {
        AnOutcome unchanged = AnOutcome.of(ChangeState.UNCHANGED);
        assertThat(words(unchanged)).isEqualTo("had the value already; nothing was changed");
        assertThat(words(unchanged.after(1)))
                .isEqualTo("another client set the value first; none of our requests was applied");
    }

    @Test
    void only_what_the_API_refused_is_said_to_be_refused_by_it() {
        AnOutcome rejected = AnOutcome.of(ChangeState.REJECTED);
        assertThat(words(rejected.after(1).because(400, "invalid.attribute", "ssn cannot be set")))
                .isEqualTo("the API refused it (invalid.attribute): ssn cannot be set");
        assertThat(words(rejected.because(null, "value.not.unicode", "not sent: broken Unicode")))
                .isEqualTo("not applied (value.not.unicode): not sent: broken Unicode");
        assertThat(words(rejected.because(null, "request.entity.too.large", "not sent: too much")))
                .isEqualTo("not applied (request.entity.too.large): not sent: too much");
        assertThat(words(rejected.after(1).because(413, "request.entity.too.large", "too much")))
                .isEqualTo("the API refused it (request.entity.too.large): too much");
        assertThat(words(rejected.after(1).because(400, "atomic.refused", "goes with change 12")))
                .isEqualTo("not applied (atomic.refused): goes with change 12");
    }

    @Test
    void a_participant_that_cannot_be_read_was_refused_nothing() {
        AnOutcome rejected = AnOutcome.of(ChangeState.REJECTED);
        assertThat(words(rejected.because(200, "not.found", "not in the conversation")))
                .isEqualTo("not applied (not.found): not in the conversation");
        assertThat(words(rejected.because(404, "not.found", "no such conversation")))
                .isEqualTo(
                        "the API did not let the participant be read (not.found): no such conversation");
    }

    @Test
    void only_a_409_is_somebody_else_s_doing() {
        AnOutcome conflict = AnOutcome.of(ChangeState.CONFLICT);
        assertThat(words(conflict.after(3).because(409, "general.conflict", "changed")))
                .isEqualTo(
                        "other clients kept changing the participant (general.conflict): changed");
        assertThat(words(conflict.because(200, "plan.drifted", "drifted since the plan")))
                .isEqualTo("not applied (plan.drifted): drifted since the plan");
        assertThat(words(conflict.because(null, "plan.other", "the plan did not look at it")))
                .isEqualTo("not applied (plan.other): the plan did not look at it");
        assertThat(words(conflict.because(200, "atomic.refused", "goes with change 12")))
                .isEqualTo("not applied (atomic.refused): goes with change 12");
    }

    @Test
    void no_answer_is_said_to_be_lost_that_was_not() {
        AnOutcome failed = AnOutcome.of(ChangeState.FAILED).after(5).inDoubtStill();
        assertThat(words(failed.because(null, "connection.lost", "reset")))
                .isEqualTo(
                        "the API could not be brought to apply it (connection.lost): reset;"
                                + " an answer had been lost");
        assertThat(words(failed.because(200, "not.visible", "a read does not show it")))
                .isEqualTo(
                        "the API could not be brought to apply it (not.visible): a read does not show it");
    }

    private static String words(AnOutcome outcome) {
        return InWords.of(outcome.row());
    }
}
