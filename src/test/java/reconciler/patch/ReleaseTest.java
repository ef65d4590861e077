package reconciler.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.change.ChangeState.EXPIRED;
import static reconciler.change.ChangeState.REJECTED;
import static reconciler.outcome.ConfirmedBy.ACCEPTED;
import static reconciler.patch.Given.applyBy;
import static reconciler.patch.Given.change;
import static reconciler.patch.Given.changes;
import static reconciler.patch.Given.inDoubt;
import static reconciler.patch.Stage.answer;
import static reconciler.patch.TurnAssert.assertThatChange;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.outcome.Turn;

/// What must not be sent any more is not sent: a stop, a lost lease, a passed `apply_by`.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ReleaseTest {
    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void without_clearance_nothing_is_sent_and_everything_is_released() {
        stage.cleared.set(false);

        Turn turn = stage.patch(changes(change(1, "a", "1"), inDoubt(change(2, "b", "2"))));

        assertThatChange(1, turn).isReleased().afterAttempts(0).isNotInDoubt();
        assertThatChange(2, turn).isReleased().afterAttempts(0).isInDoubt();
        assertThat(turn.attempts()).isEmpty();
        assertThat(stage.requests()).isEmpty();
    }

    @Test
    void clearance_is_asked_for_after_the_wait_for_the_pace() {
        stage.pace.whileWaiting(() -> stage.cleared.set(false));
        assertThatChange(1, stage.patch(changes("a", "1"))).isReleased();
        assertThat(stage.requests()).isEmpty();
    }

    @Test
    void clearance_that_is_lost_between_two_requests_keeps_the_doubt_of_the_first() {
        stage.answersPatch(answer(500));
        stage.clock.cutUnless(_ -> {
            stage.cleared.set(false);
            return true;
        });

        Turn turn = stage.patch(changes("a", "1", "b", "2"));

        assertThatChange(1, turn).isReleased().afterAttempts(1).isInDoubt();
        assertThatChange(2, turn).isReleased().afterAttempts(1).isInDoubt();
        assertThat(stage.methods()).isEqualTo("PATCH");
    }

    @Test
    void a_pace_that_is_cut_short_releases() {
        stage.pace.close();
        assertThatChange(1, stage.patch(changes("a", "1"))).isReleased().afterAttempts(0);
        assertThat(stage.requests()).isEmpty();
    }

    @Test
    void a_stop_after_a_refusal_releases_only_what_is_not_settled() {
        stage.answersPatch(Stage.refusalOf("b"));
        stage.pace.whileWaiting(() -> stage.cleared.set(stage.requests().isEmpty()));

        Turn turn = stage.patch(changes("a", "1", "b", "2"));

        assertThatChange(1, turn).isReleased().afterAttempts(1).isNotInDoubt();
        assertThatChange(2, turn).is(REJECTED);
    }

    @Test
    void a_change_whose_time_has_passed_is_not_sent() {
        Instant now = stage.clock.instant();

        Turn turn =
                stage.patch(
                        changes(
                                applyBy(now, change(1, "a", "1")),
                                applyBy(now.plusSeconds(1), change(2, "b", "2"))));

        assertThatChange(1, turn).is(EXPIRED).afterAttempts(0).withCode("apply-by.passed");
        assertThatChange(2, turn).isApplied(ACCEPTED);
        assertThat(stage.bodies()).hasSize(1).allMatch(body -> !body.contains("\"a\""));
    }

    @Test
    void a_change_that_expires_while_it_waits_for_the_pace_is_not_sent() {
        Instant soon = stage.clock.instant().plusSeconds(10);
        stage.pace.whileWaiting(() -> stage.clock.pass(Duration.ofSeconds(10)));

        Turn turn = stage.patch(changes(applyBy(soon, change(1, "a", "1")), change(2, "b", "2")));

        assertThatChange(1, turn).is(EXPIRED).afterAttempts(0);
        assertThatChange(2, turn).isApplied(ACCEPTED);
    }

    @Test
    void when_every_change_has_expired_nothing_is_sent() {
        Instant soon = stage.clock.instant().plusSeconds(1);
        stage.pace.whileWaiting(() -> stage.clock.pass(Duration.ofSeconds(1)));

        Turn turn = stage.patch(changes(applyBy(soon, change(1, "a", "1"))));

        assertThatChange(1, turn).is(EXPIRED);
        assertThat(stage.requests()).isEmpty();
    }

    @Test
    void a_change_that_expires_before_it_is_sent_again_is_expired_after_its_attempt() {
        Instant soon = stage.clock.instant().plusMillis(1);
        stage.answersPatch(answer(409));

        Turn turn = stage.patch(changes(applyBy(soon, change(1, "a", "1"))));

        assertThatChange(1, turn).is(EXPIRED).afterAttempts(1).isNotInDoubt();
        assertThat(stage.methods()).isEqualTo("PATCH GET");
    }

    @Test
    void an_interrupted_thread_sends_nothing() throws Exception {
        AttributePatcher patcher = stage.patcher();
        var result = new AtomicReference<Turn>();
        Thread thread =
                Thread.ofVirtual()
                        .start(() -> {
                            Thread.currentThread().interrupt();
                            var changes = changes("a", "1");
                            result.set(
                                    patcher.patch(
                                            changes,
                                            patcher.newPage(
                                                    List.of(changes), Given.UNRECORDED, Map.of())));
                        });
        thread.join();

        assertThatChange(1, result.get()).isReleased().afterAttempts(0);
        assertThat(stage.requests()).isEmpty();
    }

    @Test
    void an_interrupt_on_the_wire_leaves_the_change_in_doubt() throws Exception {
        var arrived = new CountDownLatch(1);
        stage.server.setDispatcher(
                new Dispatcher() {
                    @Override
                    public MockResponse dispatch(RecordedRequest request) {
                        arrived.countDown();
                        return new MockResponse.Builder().headersDelay(2, TimeUnit.SECONDS).build();
                    }
                });
        stage.clock.cutUnless(_ -> !Thread.currentThread().isInterrupted());
        AttributePatcher patcher = stage.patcher();
        var result = new AtomicReference<Turn>();
        Thread thread =
                Thread.ofVirtual()
                        .start(() -> {
                            var changes = changes("a", "1");
                            result.set(
                                    patcher.patch(
                                            changes,
                                            patcher.newPage(
                                                    List.of(changes), Given.UNRECORDED, Map.of())));
                        });
        arrived.await();
        thread.interrupt();
        thread.join();

        assertThatChange(1, result.get()).isReleased().afterAttempts(1).isInDoubt();
        assertThat(result.get().attempts()).hasSize(1);
    }

    @Test
    void no_more_requests_are_on_the_wire_than_allowed() throws Exception {
        stage.inFlight = 3;
        var three = new CountDownLatch(3);
        var together = new AtomicInteger();
        var most = new AtomicInteger();
        stage.server.setDispatcher(
                new Dispatcher() {
                    @Override
                    public MockResponse dispatch(RecordedRequest request)
                            throws InterruptedException {
                        most.accumulateAndGet(together.incrementAndGet(), Math::max);
                        three.countDown();
                        three.await();
                        together.decrementAndGet();
                        return answer(202);
                    }
                });
        AttributePatcher patcher = stage.patcher();
        var images = patcher.newPage(List.of(), Given.UNRECORDED, Map.of());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int id = 1; id <= 100; id++) {
                var changes = changes(change(id, "a", "1"));
                threads.execute(() -> patcher.patch(changes, images));
            }
        }
        assertThat(most).hasValue(3);
        assertThat(patcher.statistics().requests()).isEqualTo(100);
    }
}
