package reconciler.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.change.ChangeState.EXPIRED;
import static reconciler.change.ChangeState.FAILED;
import static reconciler.change.ChangeState.REJECTED;
import static reconciler.change.ChangeState.UNCHANGED;
import static reconciler.outcome.ConfirmedBy.ACCEPTED;
import static reconciler.outcome.ConfirmedBy.READ_BACK;
import static reconciler.patch.Given.COLLEAGUE;
import static reconciler.patch.Given.PARTICIPANT;
import static reconciler.patch.Given.change;
import static reconciler.patch.Given.changes;
import static reconciler.patch.Given.inDoubt;
import static reconciler.patch.Stage.answer;
import static reconciler.patch.Stage.refusalOf;
import static reconciler.patch.TurnAssert.assertThatChange;
import static reconciler.patch.TurnAssert.purposes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.change.Participant;
import reconciler.change.ParticipantChanges;
import reconciler.outcome.Evidence;
import reconciler.outcome.Turn;

/// What is already so is not sent, what was there is kept, what is in doubt is looked up first.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class BeforeImageTest {
    private final Stage stage = new Stage();

    @BeforeEach
    void read() {
        stage.beforeImage = BeforeImage.READ;
    }

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void what_is_already_so_is_unchanged_and_not_sent() {
        stage.has(PARTICIPANT, "customer", "priority", "high", "queue", "old");

        Turn turn = stage.patch(changes("priority", "high", "queue", "vip", "lang", "en"));

        assertThatChange(1, turn).is(UNCHANGED).afterAttempts(0).withBefore("high");
        assertThatChange(2, turn).isApplied(ACCEPTED).withBefore("old");
        assertThatChange(3, turn).isApplied(ACCEPTED).withBefore(null);
        assertThat(purposes(turn)).isEqualTo("BEFORE_IMAGE PATCH");
        assertThat(stage.bodies().getFirst()).doesNotContain("priority");
    }

    @Test
    void names_are_case_sensitive() {
        stage.has(PARTICIPANT, "customer", "Priority", "high");
        Turn turn = stage.patch(changes("priority", "high"));
        assertThatChange(1, turn).isApplied(ACCEPTED).withBefore(null);
    }

    @Test
    void a_participant_that_is_not_in_the_conversation_is_rejected() {
        stage.lacks(PARTICIPANT);
        Turn turn = stage.patch(changes("priority", "high"));
        assertThatChange(1, turn).is(REJECTED).withCode("not.found").afterAttempts(0);
        assertThat(stage.methods()).isEqualTo("GET");
    }

    @Test
    void a_conversation_that_is_not_there_rejects_its_participants() {
        stage.answersRead(answer(404, "{\"code\": \"not.found\", \"message\": \"no such\"}"));
        Turn turn = stage.patch(changes("priority", "high"));
        assertThatChange(1, turn).is(REJECTED).withStatus(404).withCode("not.found");
    }

    @Test
    void a_read_that_fails_for_good_fails_the_change_without_a_doubt() {
        stage.answersRead(answer(503), answer(200, "<html>"), answer(500));

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn).is(FAILED).isNotInDoubt().afterAttempts(0).withStatus(500);
        assertThat(stage.methods()).isEqualTo("GET GET GET");
    }

    @Test
    void a_read_is_tried_again_before_it_fails() {
        stage.answersRead(answer(503), answer(200, "{}"));
        assertThatChange(1, stage.patch(changes("priority", "high"))).isApplied(ACCEPTED);
    }

    @Test
    void one_read_serves_every_participant_of_the_conversation() throws Exception {
        List<ParticipantChanges> page = new ArrayList<>();
        for (int id = 1; id <= 40; id++) {
            var participant = new Participant(Given.CONVERSATION, new UUID(4, id));
            stage.has(participant, "customer", "priority", id % 2 == 0 ? "high" : "low");
            page.add(changes(Given.of(participant, change(id, "priority", "high"))));
        }
        AttributePatcher patcher = stage.patcher();
        PageImages images = patcher.newPage(page, Given.UNRECORDED, Map.of());

        List<Turn> turns = inParallel(page, changes -> patcher.patch(changes, images));

        assertThat(stage.requests()).filteredOn(r -> r.getMethod().equals("GET")).hasSize(1);
        assertThat(stage.requests()).filteredOn(r -> r.getMethod().equals("PATCH")).hasSize(20);
        assertThat(turns.stream().mapToInt(turn -> turn.attempts().size()).sum()).isEqualTo(21);
        assertThatChange(2, turns.get(1)).is(UNCHANGED);
    }

    @Test
    void another_page_reads_again() {
        stage.patch(changes("priority", "high"));
        stage.patch(changes("priority", "low"));
        assertThat(stage.methods()).isEqualTo("GET PATCH GET PATCH");
    }

    @Test
    void the_role_is_taken_from_the_image_that_is_there() {
        stage.has(PARTICIPANT, "agent").answersPatch(refusalOf("type"));

        Turn turn = stage.patch(changes("priority", "high"));

        assertThatChange(1, turn).isApplied(ACCEPTED).withCorrectedRole("agent");
        assertThat(purposes(turn)).isEqualTo("BEFORE_IMAGE PATCH PATCH");
    }

    @Test
    void a_change_in_doubt_that_is_found_is_applied_and_not_sent() {
        stage.beforeImage = BeforeImage.OFF;
        stage.has(PARTICIPANT, "customer", "priority", "high");

        Turn turn = stage.patch(changes(inDoubt(change(1, "priority", "high"))));

        assertThatChange(1, turn)
                .isApplied(READ_BACK)
                .isInDoubt()
                .afterAttempts(0)
                .withBefore(null);
        assertThat(purposes(turn)).isEqualTo("READ_BACK");
    }

    @Test
    void a_change_in_doubt_that_is_not_found_is_sent() {
        stage.beforeImage = BeforeImage.OFF;
        stage.has(PARTICIPANT, "customer", "queue", "vip");

        Turn turn =
                stage.patch(
                        changes(inDoubt(change(1, "priority", "high")), change(2, "queue", "vip")));

        assertThatChange(1, turn).isApplied(ACCEPTED).isNotInDoubt().afterAttempts(1);
        assertThatChange(2, turn).isApplied(ACCEPTED).afterAttempts(1);
        assertThat(purposes(turn)).isEqualTo("READ_BACK PATCH");
    }

    @Test
    void a_change_in_doubt_keeps_its_doubt_when_no_read_can_tell() {
        stage.answersRead(answer(500), answer(500), answer(500));

        Turn turn =
                stage.patch(
                        changes(inDoubt(change(1, "priority", "high")), change(2, "queue", "vip")));

        assertThatChange(1, turn).is(FAILED).isInDoubt();
        assertThatChange(2, turn).is(FAILED).isNotInDoubt();
    }

    @Test
    void a_change_in_doubt_is_looked_up_even_when_it_has_expired() {
        stage.has(PARTICIPANT, "customer", "priority", "high");
        var passed = stage.clock.instant();

        Turn turn =
                stage.patch(
                        changes(
                                inDoubt(Given.applyBy(passed, change(1, "priority", "high"))),
                                inDoubt(Given.applyBy(passed, change(2, "queue", "vip")))));

        assertThatChange(1, turn).isApplied(READ_BACK).isInDoubt();
        assertThatChange(2, turn).is(EXPIRED).isNotInDoubt().afterAttempts(0);
        assertThat(stage.methods()).isEqualTo("GET");
    }

    @Test
    void what_was_there_can_be_stored_whatever_it_is() {
        stage.has(PARTICIPANT, "customer", "note", "nul\u0000");
        Turn turn = stage.patch(changes("note", "clean"));
        assertThatChange(1, turn).withBefore("nul\uFFFD");
    }

    @Test
    void only_the_participants_of_the_page_are_kept() {
        var images =
                new PageImages(List.of(changes("priority", "high")), Given.UNRECORDED, Map.of());
        var image = new Conversation.Image("customer", Map.of());
        var conversation =
                new Conversation(
                        null,
                        Map.of(
                                PARTICIPANT.participantId(), image,
                                COLLEAGUE.participantId(), image),
                        false);
        var found = new Reading.Found(conversation, Evidence.NONE);

        Reading kept = images.of(PARTICIPANT, () -> found);

        assertThat(((Reading.Found) kept).conversation().participants())
                .containsOnlyKeys(PARTICIPANT.participantId());
    }

    private static List<Turn> inParallel(
            List<ParticipantChanges> page, Function<ParticipantChanges, Turn> turn)
            throws InterruptedException {
        List<Callable<Turn>> calls =
                page.stream().map(changes -> (Callable<Turn>) () -> turn.apply(changes)).toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return threads.invokeAll(calls).stream().map(Future::resultNow).toList();
        }
    }
}
