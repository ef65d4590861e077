package reconciler.pace;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.pace.SharedPace.Demand.NOW_AND_THEN;
import static reconciler.pace.SharedPace.Demand.STEADY;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import reconciler.Seed;
import reconciler.patch.Rate;
import reconciler.patch.RateHeaders;
import reconciler.patch.Slot;

/// Promise 5 to the second: whatever holds up the processes that share a rate, in no second do more
/// requests leave than the ceiling allows, whenever that second begins.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class NoSecondIsFullerTest {
    private static final Seed SEED = Seed.of(NoSecondIsFullerTest.class);
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final RandomGenerator RANDOM = SEED.random();

    private final FakeTime time = new FakeTime();
    private final List<Long> departures = new ArrayList<>();

    @RepeatedTest(40)
    void however_busy_the_machine() {
        int perSecond = RANDOM.nextInt(1, 400);
        double busy = RANDOM.nextDouble() * 0.3;
        List<SharedPace> processes = new ArrayList<>();
        for (int i = RANDOM.nextInt(3); i >= 0; i--) {
            processes.add(pace(perSecond, RANDOM.nextBoolean() ? STEADY : NOW_AND_THEN));
        }

        for (int i = 0; i < 3_000; i++) {
            if (RANDOM.nextDouble() < 0.01) {
                time.answersAfter(Duration.ofMillis(RANDOM.nextInt(60)));
            }
            if (RANDOM.nextDouble() < 0.001) {
                processes.getFirst().hold(Duration.ofMillis(RANDOM.nextInt(2_000)));
            }
            stall(busy);
            send(processes.get(RANDOM.nextInt(processes.size())), busy);
        }

        assertNoSecondHoldsMoreThan(perSecond);
    }

    @Test
    void who_is_always_a_little_late_gets_there_all_the_same() {
        SharedPace pace = pace(100);
        for (int i = 0; i < 1_000; i++) {
            time.pass(Duration.ofMillis(RANDOM.nextInt(14)));
            send(pace, 0);
        }
        assertThat(departures).hasSize(1_000);
        assertThat(departures.getLast()).isBetween(10 * SECOND, 15 * SECOND);
        assertNoSecondHoldsMoreThan(100);
    }

    @Test
    void a_database_that_takes_seconds_stops_nobody() {
        SharedPace pace = pace(100);
        time.answersAfter(Duration.ofSeconds(2));
        for (int i = 0; i < 1_000; i++) {
            send(pace, 0);
        }
        assertThat(departures.getLast()).isLessThan(30 * SECOND);
        assertNoSecondHoldsMoreThan(100);
    }

    @Test
    void a_request_that_is_held_up_on_its_way_takes_another_slot() {
        Slot slot = pace(100).admit();
        assertThat(slot.isMissed()).isFalse();
        time.pass(Slots.TOLERANCE);
        assertThat(slot.isMissed()).isFalse();
        time.pass(Duration.ofNanos(1));
        assertThat(slot.isMissed()).isTrue();
    }

    @Test
    void the_slots_of_one_process_never_overlap_whatever_the_clock_is_thought_to_be() {
        Slots first = Slots.none(0).followedBy(0, 10, 2);
        Slots early = first.followedBy(13, 10, 2);
        assertThat(early.due()).isEqualTo(20);
        assertThat(early.followedBy(50, 10, 2).due()).isEqualTo(50);
    }

    @Test
    void who_learns_another_rate_keeps_the_ceiling_too() {
        SharedPace pace = pace(100);
        for (int i = 0; i < 2_000; i++) {
            if (i % 100 == 0) {
                pace.learn(new RateHeaders(RANDOM.nextInt(1_000, 12_000), null, null));
            }
            stall(0.05);
            send(pace, 0.05);
        }
        assertNoSecondHoldsMoreThan(100);
    }

    private void send(SharedPace process, double busy) {
        Slot slot;
        do {
            slot = process.admit();
            stall(busy);
        } while (slot.isMissed());
        departures.add(time.nanoTime());
    }

    private void stall(double busy) {
        if (RANDOM.nextDouble() < busy) {
            time.pass(Duration.ofMillis(RANDOM.nextInt(80)));
        }
    }

    private SharedPace pace(int perSecond) {
        return pace(perSecond, STEADY);
    }

    private SharedPace pace(int perSecond, SharedPace.Demand demand) {
        return new SharedPace(
                new Rate(perSecond * 60, true),
                time,
                time::nanoTime,
                time::pause,
                demand,
                Runnable::run,
                said -> {
                    throw new AssertionError(said);
                });
    }

    private void assertNoSecondHoldsMoreThan(int ceiling) {
        for (int i = ceiling; i < departures.size(); i++) {
            assertThat(departures.get(i) - departures.get(i - ceiling))
                    .as("from request %d to the %dth after it", i - ceiling, ceiling)
                    .isGreaterThanOrEqualTo(SECOND);
        }
    }
}
