package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reconciler.Eventually;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class BacklogTest {
    private static final int IN_FLIGHT = 4;
    private static final long BYTES = 1_000;

    private final Backlog backlog = new Backlog(IN_FLIGHT, BYTES);

    @Test
    void as_many_turns_wait_as_are_in_flight() {
        backlog.began(2 * IN_FLIGHT - 1, 10);
        assertThat(backlog.mayClaimAhead()).isTrue();
        backlog.claimed();

        backlog.began(1, 10);

        assertThat(backlog.mayClaimAhead()).isFalse();
        backlog.turnEnded();
        assertThat(backlog.mayClaimAhead()).isTrue();
    }

    @Test
    void pages_whose_turns_are_over_count_until_they_are_settled() {
        backlog.began(1, BYTES);
        backlog.turnEnded();

        assertThat(backlog.mayClaimAhead()).isFalse();
        backlog.settled(BYTES);
        assertThat(backlog.mayClaimAhead()).isTrue();
    }

    @Test
    void one_at_a_time_claims_ahead() {
        assertThat(backlog.mayClaimAhead()).isTrue();
        assertThat(backlog.mayClaimAhead()).isFalse();

        backlog.claimed();

        assertThat(backlog.mayClaimAhead()).isTrue();
    }

    @Test
    @Timeout(10)
    void who_waits_for_room_is_told_of_it() throws InterruptedException {
        backlog.began(2 * IN_FLIGHT, BYTES - 1);
        Thread waiting =
                Thread.startVirtualThread(
                        () -> backlog.await(() -> false, true, Duration.ofMinutes(1)));
        Eventually.holds("it waits", () -> waiting.getState() == Thread.State.TIMED_WAITING);

        backlog.turnEnded();

        waiting.join();
    }

    @Test
    @Timeout(10)
    void an_interrupt_neither_cuts_a_wait_short_nor_gets_lost() throws InterruptedException {
        var interrupted = new boolean[1];
        Thread waiting =
                Thread.ofVirtual()
                        .unstarted(() -> {
                            backlog.await(() -> false, false, Duration.ofMillis(200));
                            interrupted[0] = Thread.currentThread().isInterrupted();
                        });
        long before = System.nanoTime();
        waiting.start();
        Eventually.holds(
                "it waits, or has waited",
                () ->
                        waiting.getState() == Thread.State.TIMED_WAITING
                                || waiting.getState() == Thread.State.TERMINATED);
        waiting.interrupt();
        waiting.join();

        assertThat(interrupted[0]).isTrue();
        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(200_000_000);
    }
}
