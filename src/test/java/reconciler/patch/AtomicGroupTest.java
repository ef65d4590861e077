package reconciler.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.change.ChangeState.CONFLICT;
import static reconciler.change.ChangeState.EXPIRED;
import static reconciler.change.ChangeState.REJECTED;
import static reconciler.change.ChangeState.UNCHANGED;
import static reconciler.outcome.ConfirmedBy.ACCEPTED;
import static reconciler.outcome.ConfirmedBy.READ_BACK;
import static reconciler.patch.Given.PARTICIPANT;
import static reconciler.patch.Given.atomic;
import static reconciler.patch.Given.change;
import static reconciler.patch.Given.changes;
import static reconciler.patch.Stage.answer;
import static reconciler.patch.Stage.refusalOf;
import static reconciler.patch.TurnAssert.assertThatChange;
import static reconciler.patch.TurnAssert.purposes;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.change.ApiLimits;
import reconciler.change.Commitment;
import reconciler.change.ParticipantChanges;
import reconciler.outcome.Turn;

/// What an atomic set asks of a participant is applied all or not at all.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AtomicGroupTest {
    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void all_of_it_travels_in_a_request_of_its_own_in_the_order_of_the_ids() {
        Turn turn =
                stage.patch(
                        changes(
                                change(1, "lang", "en"),
                                atomic(change(2, "skill", "a")),
                                change(3, "note", "n"),
                                atomic(change(4, "level", "2"))));

        assertThat(stage.bodies())
                .containsExactly(
                        body("\"lang\":\"en\",\"note\":\"n\""),
                        body("\"skill\":\"a\",\"level\":\"2\""));
        assertThatChange(4, turn).isApplied(ACCEPTED).afterAttempts(1);
    }

    @Test
    void an_attribute_that_is_refused_costs_all_of_it() {
        stage.answersPatch(refusalOf("participantAttributes.level"));

        Turn turn = stage.patch(atomic(changes("skill", "a", "level", "2", "lang", "en")));

        assertThatChange(1, turn)
                .is(REJECTED)
                .withStatus(400)
                .withCode("atomic.refused")
                .withMessage(
                        "goes with change 2 or not at all, and that was not applied (invalid.value)");
        assertThatChange(2, turn)
                .is(REJECTED)
                .withCode("invalid.value")
                .withMessage("not like this");
        assertThatChange(3, turn).is(REJECTED).withCode("atomic.refused").afterAttempts(1);
        assertThat(purposes(turn)).isEqualTo("PATCH");
    }

    @Test
    void a_refusal_without_a_name_is_not_bisected() {
        stage.answersPatch(answer(400, "{\"code\": \"bad.request\", \"message\": \"no\"}"));

        Turn turn = stage.patch(atomic(changes("skill", "a", "level", "2")));

        assertThatChange(1, turn).is(REJECTED).withCode("bad.request");
        assertThatChange(2, turn).is(REJECTED).withCode("bad.request");
        assertThat(purposes(turn)).isEqualTo("PATCH");
    }

    @Test
    void other_changes_to_the_participant_are_not_touched_by_a_refusal() {
        stage.answersPatch(answer(202), refusalOf("participantAttributes.skill"));

        Turn turn =
                stage.patch(
                        changes(
                                change(1, "lang", "en"),
                                atomic(change(2, "skill", "a")),
                                atomic(change(3, "level", "2"))));

        assertThatChange(1, turn).isApplied(ACCEPTED);
        assertThatChange(3, turn).is(REJECTED).withCode("atomic.refused");
    }

    @Test
    void of_what_is_already_so_in_part_all_is_sent() {
        stage.beforeImage = BeforeImage.READ;
        stage.has(PARTICIPANT, "customer", "skill", "a", "level", "1");

        Turn turn = stage.patch(atomic(changes("skill", "a", "level", "2")));

        assertThat(stage.bodies()).containsExactly(body("\"skill\":\"a\",\"level\":\"2\""));
        assertThatChange(1, turn).isApplied(ACCEPTED).withBefore("a");
        assertThatChange(2, turn).isApplied(ACCEPTED).withBefore("1");
    }

    @Test
    void what_is_already_so_as_a_whole_is_unchanged() {
        stage.beforeImage = BeforeImage.READ;
        stage.has(PARTICIPANT, "customer", "skill", "a", "level", "2");

        Turn turn = stage.patch(atomic(changes("skill", "a", "level", "2")));

        assertThatChange(1, turn).is(UNCHANGED);
        assertThatChange(2, turn).is(UNCHANGED);
        assertThat(stage.bodies()).isEmpty();
    }

    @Test
    void a_lost_answer_is_settled_by_a_read_that_shows_all_of_it() {
        stage.answersPatch(answer(503));
        stage.has(PARTICIPANT, "customer", "skill", "a", "level", "2");

        Turn turn = stage.patch(atomic(changes("skill", "a", "level", "2")));

        assertThat(purposes(turn)).isEqualTo("PATCH READ_BACK");
        assertThatChange(1, turn).isApplied(READ_BACK).isInDoubt();
        assertThatChange(2, turn).isApplied(READ_BACK).isInDoubt();
    }

    @Test
    void after_a_read_that_shows_a_part_all_of_it_is_sent_again() {
        stage.answersPatch(answer(503));
        stage.has(PARTICIPANT, "customer", "skill", "a");

        Turn turn = stage.patch(atomic(changes("skill", "a", "level", "2")));

        assertThat(purposes(turn)).isEqualTo("PATCH READ_BACK PATCH");
        assertThat(stage.bodies().getLast()).isEqualTo(stage.bodies().getFirst());
        assertThatChange(1, turn).isApplied(ACCEPTED).afterAttempts(2);
    }

    @Test
    void a_doubt_about_a_part_has_all_of_it_read_and_not_expired() {
        stage.has(PARTICIPANT, "customer", "skill", "a", "level", "2");
        var past = stage.clock.instant();
        ParticipantChanges group =
                changes(
                        atomic(Given.inDoubt(Given.applyBy(past, change(1, "skill", "a")))),
                        atomic(Given.applyBy(past, change(2, "level", "2"))));

        Turn turn = stage.patch(group);

        assertThat(purposes(turn)).isEqualTo("READ_BACK");
        assertThatChange(1, turn).isApplied(READ_BACK);
        assertThatChange(2, turn).is(UNCHANGED);
    }

    @Test
    void it_expires_as_a_whole() {
        var past = stage.clock.instant();

        Turn turn =
                stage.patch(
                        changes(
                                atomic(Given.applyBy(past, change(1, "skill", "a"))),
                                atomic(Given.applyBy(past, change(2, "level", "2")))));

        assertThatChange(1, turn).is(EXPIRED);
        assertThatChange(2, turn).is(EXPIRED);
    }

    @Test
    void what_drifted_since_its_plan_keeps_the_rest_from_being_sent() {
        stage.has(PARTICIPANT, "customer", "skill", "other", "level", "1");
        byte[] salt = {1};
        ParticipantChanges group = atomic(changes("skill", "a", "level", "2"));
        var foreseen = Map.of(1L, Commitment.to(salt, 1, "was"), 2L, Commitment.to(salt, 2, "1"));
        AttributePatcher patcher = stage.patcher();

        Turn turn =
                patcher.patch(group, patcher.newPage(List.of(group), Given.UNRECORDED, foreseen));

        assertThatChange(1, turn).is(CONFLICT).withCode("plan.drifted");
        assertThatChange(2, turn).is(CONFLICT).withCode("atomic.refused");
        assertThat(stage.bodies()).isEmpty();
    }

    @Test
    void what_does_not_fit_one_request_is_not_sent() {
        String half = "x".repeat(ApiLimits.REQUEST_BYTES / 2);

        Turn turn = stage.patch(atomic(changes("a", half, "b", half)));

        assertThatChange(1, turn).is(REJECTED).withCode("request.entity.too.large");
        assertThatChange(2, turn).is(REJECTED).withCode("request.entity.too.large");
        assertThat(stage.requests()).isEmpty();
    }

    private static String body(String attributes) {
        return "{\"type\":\"contact\",\"participantAttributes\":{" + attributes + "}}";
    }
}
