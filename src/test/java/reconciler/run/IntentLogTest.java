package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.dao.RecoverableDataAccessException;
import reconciler.Eventually;
import reconciler.change.Participant;
import reconciler.outcome.Attempt;
import reconciler.outcome.Intent;
import reconciler.patch.Intents.Recorded;
import reconciler.queue.ClaimedIntent;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@Timeout(20)
@Tag("alone")
class IntentLogTest {
    private static final int UNLIMITED = 1_000_000;
    private static final long CLAIM = 7;

    private final StopSignal stop = new StopSignal();
    private final LinkedBlockingQueue<List<Long>> blocks = new LinkedBlockingQueue<>();
    private final Semaphore commits = new Semaphore(0);

    @Test
    void whoever_waits_while_a_block_is_written_shares_the_next_one() throws InterruptedException {
        IntentLog log = log(UNLIMITED, 8);
        var first = recording(log, 1);
        assertThat(blocks.take()).containsExactly(1L);
        List<CompletableFuture<@Nullable Recorded>> others =
                IntStream.rangeClosed(2, 6).mapToObj(id -> recording(log, id)).toList();
        commits.release(2);

        assertThat(blocks.take()).containsExactlyInAnyOrder(2L, 3L, 4L, 5L, 6L);
        assertThat(first.join()).isNotNull();
        assertThat(others).allSatisfy(other -> assertThat(other.join()).isNotNull());
    }

    @Test
    void the_next_block_is_written_when_half_of_what_is_ahead_has_been_sent()
            throws InterruptedException {
        IntentLog log = log(UNLIMITED, 2);
        commits.release(100);
        var sent = new ArrayList<Recorded>();
        var waiting = IntStream.rangeClosed(1, 9).mapToObj(id -> recording(log, id)).toList();
        int written = 0;
        while (written < 3) {
            written += blocks.take().size();
        }

        assertThat(written).as("in flight 2: two blocks of 2 at most").isLessThanOrEqualTo(4);
        assertThat(blocks.poll(50, TimeUnit.MILLISECONDS)).isNull();
        waiting.stream()
                .filter(CompletableFuture::isDone)
                .limit(written - 2)
                .forEach(one -> sent.add(one.join()));
        sent.forEach(Recorded::close);
        assertThat(blocks.take()).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void at_five_a_second_one_request_is_ahead() throws InterruptedException {
        IntentLog log = log(300, 64);
        commits.release(100);
        var first = recording(log, 1);
        blocks.take();
        var second = recording(log, 2);

        assertThat(blocks.poll(50, TimeUnit.MILLISECONDS)).isNull();
        first.join().close();
        assertThat(blocks.take()).containsExactly(2L);
        assertThat(second.join()).isNotNull();
    }

    @Test
    void what_continues_a_turn_goes_before_what_begins_one() throws InterruptedException {
        IntentLog log = log(300, 64);
        commits.release(100);
        var ahead = recording(log, 1);
        blocks.take();
        recording(log, 2);
        recording(log, 3, false);
        ahead.join().close();

        assertThat(blocks.take()).containsExactly(3L);
    }

    @Test
    void a_block_that_fails_once_is_written_again_under_its_number() throws InterruptedException {
        var numbers = new ArrayList<Long>();
        var log =
                new IntentLog(
                        (number, _) -> {
                            numbers.add(number);
                            if (numbers.size() == 1) {
                                throw new RecoverableDataAccessException("gone");
                            }
                        },
                        UNLIMITED,
                        8,
                        stop,
                        System::nanoTime);

        assertThat(recording(log, 1).join()).isNotNull();
        assertThat(numbers).containsExactly(1L, 1L);
        assertThat(stop.isRaised()).isFalse();
    }

    @Test
    void a_block_that_fails_twice_ends_the_run_and_nothing_more_goes_on_record() {
        var log =
                new IntentLog(
                        (_, _) -> {
                            throw new RecoverableDataAccessException("the database is gone");
                        },
                        UNLIMITED,
                        8,
                        stop,
                        System::nanoTime);

        assertThat(recording(log, 1).join()).isNull();
        assertThat(recording(log, 2).join()).isNull();
        assertThat(stop.reason())
                .satisfies(reason -> {
                    assertThat(reason.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
                    assertThat(reason.message()).contains("nothing is sent: the database is gone");
                });
    }

    @Test
    void a_lost_lease_ends_the_run_at_once() {
        var log =
                new IntentLog(
                        (_, _) -> {
                            throw LeaseLost.byTakeOver("reconciler", 3);
                        },
                        UNLIMITED,
                        8,
                        stop,
                        System::nanoTime);

        assertThat(recording(log, 1).join()).isNull();
        assertThat(stop.reason().exitCode()).isEqualTo(ExitCode.LOCKED);
    }

    @Test
    void after_a_stop_nobody_waits_and_nothing_is_written() {
        IntentLog log = log(UNLIMITED, 8);
        stop.raise(ExitCode.STOPPED, "enough");

        assertThat(recording(log, 1).join()).isNull();
        assertThat(blocks).isEmpty();
    }

    /// Its blocks show here; each needs a permit to be committed.
    private IntentLog log(int perMinute, int inFlight) {
        return new IntentLog(
                (_, block) -> {
                    blocks.add(
                            block.stream()
                                    .map(ClaimedIntent::intent)
                                    .map(intent -> intent.changeIds().getFirst())
                                    .toList());
                    commits.acquireUninterruptibly();
                },
                perMinute,
                inFlight,
                stop,
                () -> 0);
    }

    /// Returns when the intent is in line, or written already.
    private static CompletableFuture<@Nullable Recorded> recording(IntentLog log, long change) {
        return recording(log, change, true);
    }

    private static CompletableFuture<@Nullable Recorded> recording(
            IntentLog log, long change, boolean opensTurn) {
        var recorded = new CompletableFuture<@Nullable Recorded>();
        Thread caller =
                Thread.ofVirtual()
                        .start(() ->
                                recorded.complete(log.of(CLAIM).record(intent(change), opensTurn)));
        Eventually.holds(
                "the caller waits or has returned",
                () -> recorded.isDone() || caller.getState() == Thread.State.WAITING);
        return recorded;
    }

    private static Intent intent(long change) {
        return new Intent(
                Attempt.Purpose.PATCH,
                new Participant(new UUID(0, 1), new UUID(0, 2)),
                List.of(change),
                "PATCH",
                "/somewhere",
                null);
    }
}
