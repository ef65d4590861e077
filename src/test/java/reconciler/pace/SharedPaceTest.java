package reconciler.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.patch.Rate;
import reconciler.patch.RateHeaders;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SharedPaceTest {
    private final FakeTime time = new FakeTime();
    private final List<String> failures = new ArrayList<>();

    @Test
    void requests_are_evenly_spaced_with_a_little_room() {
        assertThat(admissions(pace(300), 4)).containsExactly(0L, 204L, 408L, 612L);
    }

    @Test
    void two_processes_take_turns() {
        SharedPace one = pace(300);
        SharedPace other = pace(300);
        var millis = new ArrayList<Long>();
        for (int i = 0; i < 3; i++) {
            millis.addAll(admissions(one, 1));
            millis.addAll(admissions(other, 1));
        }
        assertThat(millis).containsExactly(0L, 204L, 408L, 612L, 816L, 1020L);
    }

    @Test
    void who_sends_now_and_then_reserves_nothing_that_others_could_have_had() {
        time.pass(Duration.ofSeconds(1));
        SharedPace many = pace(6_000);
        SharedPace few = few(6_000);
        assertThat(admissions(few, 1)).containsExactly(1_000L);
        assertThat(admissions(many, 1)).containsExactly(1_004L);
        assertThat(admissions(few, 1)).containsExactly(1_025L);
    }

    @Test
    void who_sends_now_and_then_gets_a_slot_where_they_are_far_apart() {
        time.pass(Duration.ofSeconds(1));
        assertThat(admissions(few(1), 2)).containsExactly(1_000L, 62_194L);
    }

    @Test
    void who_sends_now_and_then_goes_as_soon_as_the_database_has_answered() {
        time.answersAfter(Duration.ofMillis(5));
        time.pass(Duration.ofSeconds(1));
        SharedPace few = few(300);
        assertThat(admissions(few, 1)).containsExactly(1_005L);
        time.pass(Duration.ofSeconds(10));
        assertThat(admissions(few, 1)).containsExactly(11_010L);
        assertThat(time.reservations()).as("none in vain").hasSize(2);
    }

    @Test
    void nor_does_a_far_database_cost_it_a_slot_once_it_is_known_to_be_far() {
        time.answersAfter(Duration.ofMillis(80));
        time.pass(Duration.ofSeconds(1));
        SharedPace few = few(60);
        admissions(few, 1);
        time.pass(Duration.ofMinutes(1));
        long asked = Math.round(time.nanoTime() / 1e6);
        assertThat(admissions(few, 1)).containsExactly(asked + 80);
    }

    @Test
    void who_sends_one_after_another_takes_no_more_than_a_slot_each() {
        time.answersAfter(Duration.ofMillis(3));
        time.pass(Duration.ofSeconds(1));
        List<Long> millis = admissions(few(6_000), 101);
        assertThat(millis.getLast() - millis.getFirst()).isBetween(1_010L, 1_025L);
    }

    @Test
    void those_who_wait_together_are_given_slots_together() {
        var supply = new SlotSupply(time, time::nanoTime, time::inBackground, () -> 5);
        long spacing = Duration.ofMillis(2).toNanos();
        supply.refill(spacing);
        long first = supply.due();
        for (int i = 0; i < 6; i++) {
            assertThat(supply.isEmpty(spacing)).isFalse();
            assertThat(supply.due() - first).isEqualTo(i * spacing);
            supply.take();
        }
        assertThat(supply.isEmpty(spacing)).isTrue();
        assertThat(time.reservations()).hasSize(1);
    }

    @Test
    void nor_is_a_slot_lost_between_what_is_reserved_for_those_who_wait() {
        time.answersAfter(Duration.ofMillis(30));
        var supply = new SlotSupply(time, time::nanoTime, time::inBackground, () -> 100);
        long spacing = Duration.ofMillis(10).toNanos();
        var slots = new ArrayList<Long>();
        for (int i = 0; i < 100; i++) {
            if (supply.isEmpty(spacing)) {
                supply.refill(spacing);
            }
            supply.lookAhead(spacing);
            slots.add(supply.due());
            time.pass(Duration.ofNanos(supply.due() - time.nanoTime()));
            supply.take();
        }
        assertThat(slots.getLast() - slots.get(19)).isEqualTo(80 * spacing);
    }

    @Test
    void who_sends_now_and_then_beside_a_run_waits_for_its_slot_alone() {
        time.answersAfter(Duration.ofMillis(5));
        time.pass(Duration.ofSeconds(1));
        SharedPace few = few(300);
        admissions(few, 1);
        assertThat(admissions(pace(300), 1)).containsExactly(1_198L);
        assertThat(admissions(few, 1)).containsExactly(1_402L);
    }

    @Test
    void idle_time_is_not_saved_up() {
        SharedPace pace = pace(60);
        admissions(pace, 1);
        time.pass(Duration.ofMinutes(10));
        assertThat(admissions(pace, 3)).containsExactly(600_000L, 601_010L, 602_030L);
    }

    @Test
    void a_late_wake_up_does_not_move_those_after_it() {
        SharedPace pace = pace(6000);
        admissions(pace, 1);
        time.pass(Duration.ofMillis(17));
        assertThat(admissions(pace, 3)).containsExactly(17L, 20L, 31L);
    }

    @Test
    void slots_that_nobody_came_for_are_no_burst_later() {
        SharedPace pace = pace(60_000);
        admissions(pace, 5);
        time.pass(Duration.ofSeconds(1));
        List<Long> millis = admissions(pace, 100);
        assertThat(millis.getLast() - millis.getFirst())
                .as("100 of 1000 in a tenth of a second, less the slack")
                .isGreaterThanOrEqualTo(89);
    }

    @Test
    void the_database_is_asked_fifty_times_a_second_at_most() {
        SharedPace pace = pace(60_000);
        List<Long> millis = admissions(pace, 960);
        assertThat(millis.getLast()).isBetween(960L, 990L);
        assertThat(time.reservations()).hasSizeBetween(48, 51);
    }

    @Test
    void where_thousands_go_each_second_it_is_asked_ten_times() {
        SharedPace pace = pace(1_000_000);
        List<Long> millis = admissions(pace, 16_000);
        assertThat(millis.getLast()).isBetween(970L, 990L);
        assertThat(time.reservations()).hasSizeBetween(9, 11);
    }

    @Test
    void a_slow_database_slows_down_but_does_not_stop() {
        time.answersAfter(Duration.ofMillis(100));
        List<Long> millis = admissions(pace(6_000), 1_000);
        assertThat(millis.getLast()).isBetween(10_200L, 17_000L);
    }

    @Test
    void no_slot_passes_while_a_far_database_is_asked() {
        SharedPace pace = pace(6_000);
        admissions(pace, 50);
        time.answersAfter(Duration.ofMillis(50));
        admissions(pace, 50);

        List<Long> millis = admissions(pace, 200);

        assertThat(millis.getLast() - millis.getFirst()).isBetween(2_020L, 2_040L);
    }

    @Test
    void what_was_asked_ahead_in_vain_is_asked_again() {
        SharedPace pace = pace(300);
        admissions(pace, 1);
        time.fails(new IllegalStateException("gone"));
        // the slot that was still there; what is asked for beside it fails
        time.after(Duration.ofMillis(210), () -> time.fails(null));
        assertThat(admissions(pace, 2)).hasSize(2);
        assertThat(failures).isEmpty();
    }

    @Test
    void slots_that_stand_too_close_for_what_was_learnt_are_given_up() {
        time.answersAfter(Duration.ofMillis(100));
        SharedPace pace = pace(6_000);
        admissions(pace, 2);

        pace.learn(new RateHeaders(600, null, null));

        List<Long> millis = admissions(pace, 3);
        assertThat(millis.get(1) - millis.get(0)).isGreaterThanOrEqualTo(100);
        assertThat(millis.get(2) - millis.get(1)).isGreaterThanOrEqualTo(100);
    }

    @Test
    void a_new_rate_counts_from_the_next_reservation() {
        SharedPace pace = pace(300);
        admissions(pace, 1);
        pace.learn(new RateHeaders(60, null, null));
        List<Long> millis = admissions(pace, 3);
        assertThat(millis.get(1) - millis.get(0))
                .isEqualTo(Math.round(1000 / 0.95 * SharedPace.ROOM));
    }

    @Test
    void processes_that_learned_different_rates_share_one_bucket() {
        SharedPace fast = pace(600);
        SharedPace slow = pace(60);
        assertThat(admissions(fast, 1)).containsExactly(0L);
        assertThat(admissions(slow, 1)).containsExactly(102L);
        assertThat(admissions(fast, 2)).containsExactly(1122L, 1224L);
    }

    @Test
    void a_hold_in_one_process_pauses_the_other_at_its_next_reservation() {
        SharedPace one = pace(300);
        SharedPace other = pace(300);
        admissions(one, 1);
        one.hold(Duration.ofSeconds(42));
        assertThat(admissions(other, 1)).containsExactly(42_100L);
        assertThat(admissions(one, 1).getFirst()).isBetween(42_000L, 42_500L);
    }

    @Test
    void a_hold_reaches_who_waits_for_a_far_slot_within_a_second() {
        SharedPace one = pace(6);
        SharedPace other = pace(6);
        admissions(one, 1);
        time.after(Duration.ofSeconds(9), () -> one.hold(Duration.ofMinutes(1)));
        assertThat(admissions(other, 1)).containsExactly(69_100L);
    }

    @Test
    void a_hold_that_is_extended_elsewhere_is_waited_out() {
        SharedPace one = pace(300);
        SharedPace other = pace(300);
        one.hold(Duration.ofSeconds(30));
        time.after(Duration.ofSeconds(20), () -> other.hold(Duration.ofSeconds(30)));
        assertThat(admissions(one, 1)).containsExactly(50_100L);
    }

    @Test
    void after_a_hold_requests_are_spaced_again() {
        SharedPace pace = pace(6000);
        admissions(pace, 1);
        pace.hold(Duration.ofSeconds(1));
        List<Long> millis = admissions(pace, 10);
        assertThat(millis.getLast() - millis.getFirst()).isGreaterThanOrEqualTo(80);
    }

    @Test
    void a_bundle_of_refusals_is_written_once() {
        var written = new ArrayList<Duration>();
        SharedPace pace = paceOn(new CountingAllotment(time, written), 300);
        for (int i = 0; i < 64; i++) {
            pace.hold(Duration.ofSeconds(2));
            time.pass(Duration.ofMillis(1));
        }
        assertThat(written).containsExactly(Duration.ofMillis(2_100));
    }

    @Test
    void a_hold_of_years_does_not_overflow() {
        SharedPace pace = pace(300);
        pace.hold(Duration.ofSeconds(Long.MAX_VALUE));
        pace.hold(Duration.ofSeconds(1));
        assertThat(admissions(pace, 1).getFirst())
                .isBetween(Duration.ofDays(30).toMillis(), Duration.ofDays(31).toMillis());
    }

    @Test
    void one_failure_of_the_database_is_waited_out() {
        SharedPace pace = pace(300);
        time.fails(new IllegalStateException("gone"));
        time.after(Duration.ofMillis(500), () -> time.fails(null));
        assertThat(admissions(pace, 1)).containsExactly(1_000L);
        assertThat(failures).isEmpty();
    }

    @Test
    void without_the_database_nothing_is_admitted_ever_again() {
        SharedPace pace = pace(300);
        time.fails(new IllegalStateException("gone\nwith details"));
        assertThat(pace.admit()).isNull();
        time.fails(null);
        assertThat(pace.admit()).isNull();
        assertThat(failures).containsExactly("gone");
    }

    @Test
    void a_hold_counts_here_even_when_nobody_can_be_told() {
        SharedPace pace = pace(300);
        time.fails(new IllegalStateException("gone"));
        pace.hold(Duration.ofSeconds(5));
        time.fails(null);
        assertThat(admissions(pace, 1)).containsExactly(5_000L);
    }

    @Test
    void a_wait_that_is_cut_short_admits_nobody() {
        var pace =
                new SharedPace(
                        new Rate(60, true),
                        time,
                        time::nanoTime,
                        _ -> false,
                        SharedPace.Demand.STEADY,
                        time::inBackground,
                        failures::add);
        assertThat(pace.admit()).isNotNull();
        assertThat(pace.admit()).isNull();
        assertThat(failures).isEmpty();
    }

    private record CountingAllotment(Allotment time, List<Duration> written) implements Allotment {
        @Override
        public Duration pause() {
            return time.pause();
        }

        @Override
        public long reserve(long nanos) {
            return time.reserve(nanos);
        }

        @Override
        public void limit(Duration pause) {
            written.add(pause);
            time.limit(pause);
        }
    }

    private SharedPace pace(int perMinute) {
        return paceOn(time, perMinute);
    }

    private SharedPace few(int perMinute) {
        return new SharedPace(
                new Rate(perMinute, true),
                time,
                time::nanoTime,
                time::pause,
                SharedPace.Demand.NOW_AND_THEN,
                time::inBackground,
                failures::add);
    }

    private SharedPace paceOn(Allotment allotment, int perMinute) {
        return new SharedPace(
                new Rate(perMinute, true),
                allotment,
                time::nanoTime,
                time::pause,
                SharedPace.Demand.STEADY,
                time::inBackground,
                failures::add);
    }

    /// When so many requests are admitted, in whole milliseconds since the start.
    private List<Long> admissions(SharedPace pace, int count) {
        var millis = new ArrayList<Long>();
        for (int i = 0; i < count; i++) {
            assertThat(pace.admit()).isNotNull();
            millis.add(Math.round(time.nanoTime() / 1e6));
        }
        return millis;
    }
}
