package reconciler.patch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LocalPaceTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final TestClock clock = new TestClock();

    @Test
    void requests_are_evenly_spaced() {
        LocalPace pace = pace(300, true);
        assertThat(admissions(pace, 5)).containsExactly(0L, 200L, 400L, 600L, 800L);
    }

    @Test
    void no_minute_has_more_than_the_ceiling() {
        LocalPace pace = pace(300, true);
        List<Long> millis = admissions(pace, 1000);
        for (int i = 300; i < millis.size(); i++) {
            assertThat(millis.get(i) - millis.get(i - 300)).isGreaterThanOrEqualTo(60_000);
        }
    }

    @Test
    void idle_time_is_not_saved_up() {
        LocalPace pace = pace(60, true);
        pace.admit();
        clock.pass(Duration.ofMinutes(10));
        assertThat(admissions(pace, 3)).containsExactly(600_000L, 601_000L, 602_000L);
    }

    @Test
    void a_sleep_that_took_too_long_is_not_made_up_for() {
        LocalPace pace = pace(60, true);
        pace.admit();
        clock.pass(Duration.ofMillis(1_003));
        assertThat(admissions(pace, 2)).containsExactly(1_003L, 2_003L);
    }

    @Test
    void a_hold_keeps_everybody_back_and_spaces_them_afterwards() {
        LocalPace pace = pace(300, false);
        pace.admit();
        pace.hold(Duration.ofSeconds(42));
        assertThat(admissions(pace, 3)).containsExactly(42_000L, 42_200L, 42_400L);
    }

    @Test
    void a_shorter_hold_does_not_end_a_longer_one() {
        LocalPace pace = pace(300, false);
        pace.hold(Duration.ofSeconds(42));
        pace.hold(Duration.ofSeconds(1));
        assertThat(admissions(pace, 1)).containsExactly(42_000L);
    }

    @Test
    void a_hold_reaches_those_who_wait_already() {
        var held = new ArrayList<Duration>();
        LocalPace[] pace = new LocalPace[1];
        pace[0] =
                new LocalPace(
                        new Rate(60, false),
                        clock::nanoTime,
                        pause -> {
                            if (held.isEmpty()) {
                                pace[0].hold(Duration.ofSeconds(30));
                            }
                            held.add(pause);
                            return clock.pause(pause);
                        });
        assertThat(admissions(pace[0], 2)).containsExactly(0L, 30_000L);
    }

    @Test
    void without_a_ceiling_a_hold_counts_as_well() {
        LocalPace pace = pace(null, false);
        pace.hold(Duration.ofSeconds(5));
        assertThat(admissions(pace, 3)).containsExactly(5_000L, 5_000L, 5_000L);
    }

    @Test
    void a_hold_of_years_does_not_overflow() {
        LocalPace pace = pace(null, true);
        pace.hold(Duration.ofSeconds(Long.MAX_VALUE));
        pace.hold(Duration.ofSeconds(1));
        assertThat(admissions(pace, 1)).containsExactly(Duration.ofDays(30).toMillis());
    }

    @Test
    void the_allowance_is_learned_with_a_margin() {
        LocalPace pace = pace(300, true);
        pace.learn(new RateHeaders(180, null, null));
        assertThat(interval(pace)).isEqualTo(Math.round(60_000 / (180 * 0.95)));
    }

    @Test
    void an_allowance_above_the_ceiling_changes_nothing() {
        LocalPace pace = pace(100, true);
        pace.learn(new RateHeaders(300, null, null));
        assertThat(interval(pace)).isEqualTo(600);
    }

    @Test
    void an_allowance_limits_where_no_ceiling_does() {
        LocalPace pace = pace(null, true);
        assertThat(interval(pace)).isZero();
        pace.learn(new RateHeaders(600, null, null));
        assertThat(interval(pace)).isEqualTo(105);
    }

    @Test
    void what_others_have_used_of_the_window_is_not_used_again() {
        LocalPace pace = pace(300, true);
        pace.admit();
        pace.learn(new RateHeaders(300, 280, Duration.ofSeconds(38)));
        assertThat(interval(pace)).isEqualTo(1_905);
        clock.pass(Duration.ofSeconds(40));
        assertThat(interval(pace)).as("in the next window").isEqualTo(200);
    }

    @Test
    void a_window_that_is_used_up_is_waited_out() {
        LocalPace pace = pace(300, true);
        clock.pass(MINUTE);
        pace.learn(new RateHeaders(300, 300, Duration.ofSeconds(38)));
        assertThat(admissions(pace, 2)).containsExactly(98_000L, 98_200L);
    }

    @Test
    void an_answer_that_is_late_does_not_reopen_a_window_that_is_used_up() {
        LocalPace pace = pace(300, true);
        clock.pass(Duration.ofSeconds(50));
        pace.learn(new RateHeaders(300, 200, Duration.ofSeconds(46)));
        clock.pass(Duration.ofSeconds(10));
        pace.learn(new RateHeaders(300, 300, Duration.ofSeconds(36)));
        pace.learn(new RateHeaders(300, 297, Duration.ofSeconds(37)));
        pace.learn(new RateHeaders(300, 290, Duration.ofSeconds(38), Duration.ofSeconds(3)));
        pace.learn(new RateHeaders(300, 1, Duration.ofSeconds(60), Duration.ofSeconds(24)));
        assertThat(admissions(pace, 2)).containsExactly(96_000L, 96_200L);
    }

    @Test
    void of_answers_in_any_order_the_greatest_count_divides_what_is_left_of_the_window() {
        LocalPace pace = pace(300, true);
        pace.admit();
        pace.learn(new RateHeaders(300, 280, Duration.ofSeconds(38)));
        pace.learn(new RateHeaders(300, 100, Duration.ofSeconds(38)));
        assertThat(interval(pace)).isEqualTo(1_905);
    }

    @Test
    void the_count_of_a_window_ends_with_it() {
        LocalPace pace = pace(300, true);
        pace.learn(new RateHeaders(300, 300, Duration.ofSeconds(2)));
        clock.pass(Duration.ofSeconds(3));
        pace.learn(new RateHeaders(300, 4, Duration.ofSeconds(60)));
        assertThat(interval(pace)).isEqualTo(200);
    }

    @Test
    void a_ceiling_at_the_allowance_is_used_whole() {
        LocalPace pace = pace(300, true);
        pace.learn(new RateHeaders(300, 1, Duration.ofSeconds(61)));
        for (int i = 2; i <= 300; i++) {
            assertThat(interval(pace)).as("after %d", i).isEqualTo(200);
            long second = Math.round(clock.nanoTime() / 1e9);
            long count = Math.round(clock.nanoTime() / 200e6) + 1;
            if (second < 60) {
                pace.learn(new RateHeaders(300, (int) count, Duration.ofSeconds(60 - second)));
            }
        }
    }

    @Test
    void the_first_answer_of_a_window_names_its_length() {
        LocalPace pace = pace(6000, true);
        pace.learn(new RateHeaders(100, 1, Duration.ofSeconds(1)));
        assertThat(interval(pace)).as("100 a second").isEqualTo(10);
        pace.learn(new RateHeaders(50, 1, Duration.ofSeconds(1)));
        assertThat(interval(pace)).as("50 a second, with a margin").isEqualTo(21);
    }

    @Test
    void while_the_length_of_a_window_is_not_known_the_ceiling_counts() {
        LocalPace pace = pace(6000, true);
        pace.learn(new RateHeaders(50, 7, Duration.ofSeconds(1)));
        assertThat(interval(pace)).isEqualTo(10);
    }

    @Test
    void who_never_opens_a_window_learns_its_length_from_the_next_one() {
        LocalPace pace = pace(6000, true);
        pace.learn(new RateHeaders(50, 7, Duration.ofSeconds(1)));
        clock.pass(Duration.ofMillis(600));
        pace.learn(new RateHeaders(50, 40, Duration.ofSeconds(1)));
        clock.pass(Duration.ofMillis(600));
        pace.learn(new RateHeaders(50, 5, Duration.ofSeconds(1)));
        assertThat(interval(pace)).isEqualTo(21);
    }

    @Test
    void a_window_of_few_is_used_evenly_and_whole() {
        LocalPace pace = pace(300, true);
        pace.learn(new RateHeaders(5, 1, Duration.ofSeconds(1)));
        assertThat(interval(pace)).as("the ceiling's spacing fits already").isEqualTo(200);
    }

    @Test
    void who_opened_a_short_window_slows_down_when_it_is_used_up_too_fast() {
        LocalPace pace = pace(6000, true);
        pace.learn(new RateHeaders(100, 1, Duration.ofSeconds(1)));
        clock.pass(Duration.ofMillis(500));
        pace.learn(new RateHeaders(100, 75, Duration.ofSeconds(1)));
        assertThat(interval(pace)).as("25 in 500 ms, none at its end, with a margin").isEqualTo(20);
    }

    @Test
    void an_answer_that_is_late_says_nothing_about_the_next_window() {
        LocalPace pace = pace(6000, true);
        pace.learn(new RateHeaders(100, 1, Duration.ofSeconds(1)));
        clock.pass(Duration.ofMillis(1_010));
        pace.learn(new RateHeaders(100, 1, Duration.ofSeconds(1)));
        clock.pass(Duration.ofMillis(20));
        pace.learn(new RateHeaders(100, 99, Duration.ofSeconds(1), Duration.ofMillis(40)));
        assertThat(interval(pace)).isEqualTo(10);
    }

    @Test
    void a_share_is_left_to_others() {
        LocalPace pace = new LocalPace(new Rate(300, true, 0.1), clock::nanoTime, clock);
        assertThat(interval(pace)).as("of the ceiling").isEqualTo(222);
        pace.learn(new RateHeaders(180, null, null));
        assertThat(interval(pace))
                .as("of the allowance")
                .isEqualTo(Math.round(60_000 / (180 * 0.95 * 0.9)));
    }

    @Test
    void a_refusal_where_the_allowance_is_known_costs_little() {
        LocalPace pace = pace(300, true);
        pace.learn(new RateHeaders(300, 1, MINUTE));
        pace.admit();
        pace.hold(Duration.ofSeconds(60));
        pace.admit();
        assertThat(interval(pace)).isBetween(210L, 211L);
    }

    @Test
    void a_reset_far_away_is_no_window() {
        LocalPace pace = pace(300, true);
        pace.learn(new RateHeaders(300, 300, Duration.ofHours(9)));
        assertThat(interval(pace)).isEqualTo(200);
    }

    @Test
    void a_refusal_slows_down_to_what_was_tolerated_and_a_quiet_minute_speeds_up() {
        LocalPace pace = pace(300, true);
        admissions(pace, 200);
        pace.hold(Duration.ofSeconds(20));
        pace.admit();
        assertThat(interval(pace)).as("200 in 60 s, less a margin").isBetween(300L, 320L);
        clock.pass(MINUTE);
        assertThat(interval(pace)).as("a minute later").isBetween(240L, 260L);
        clock.pass(MINUTE.multipliedBy(10));
        assertThat(interval(pace)).as("after all").isEqualTo(200);
    }

    @Test
    void one_refusal_costs_half_at_most_and_many_at_once_are_one() {
        LocalPace pace = pace(300, true);
        pace.admit();
        for (int i = 0; i < 64; i++) {
            pace.hold(Duration.ofSeconds(40));
        }
        pace.admit();
        assertThat(interval(pace)).isEqualTo(400);
    }

    @Test
    void refusals_teach_a_pace_where_nothing_else_is_known() {
        LocalPace pace = pace(null, true);
        admissions(pace, 300);
        pace.hold(MINUTE);
        pace.admit();
        assertThat(interval(pace)).isBetween(210L, 211L);
    }

    @Test
    void nothing_is_learned_where_the_job_file_says_so() {
        LocalPace pace = pace(300, false);
        pace.learn(new RateHeaders(10, 9, Duration.ofSeconds(60)));
        pace.hold(Duration.ofSeconds(1));
        pace.admit();
        assertThat(interval(pace)).isEqualTo(200);
    }

    @Test
    void a_wait_that_is_cut_short_admits_nobody() {
        LocalPace pace = pace(60, true);
        pace.admit();
        clock.cutUnless(_ -> false);
        assertThat(pace.admit()).isNull();
    }

    @Test
    void an_interrupt_while_queueing_admits_nobody() throws Exception {
        LocalPace pace = pace(60, true);
        var admitted = new LongAdder();
        Thread thread =
                Thread.ofVirtual()
                        .start(() -> {
                            Thread.currentThread().interrupt();
                            if (pace.admit() != null) {
                                admitted.increment();
                            }
                        });
        thread.join();
        assertThat(admitted.sum()).isZero();
    }

    @Test
    void many_threads_share_one_pace() {
        LocalPace pace = pace(600, true);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                threads.execute(pace::admit);
            }
        }
        assertThat(clock.nanoTime()).isEqualTo(Duration.ofMillis(199 * 100).toNanos());
    }

    @Test
    void without_a_limit_it_is_cheap() {
        var pace = new LocalPace(new Rate(null, true), System::nanoTime, _ -> true);
        long from = System.nanoTime();
        for (int i = 0; i < 200_000; i++) {
            pace.admit();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(2));
    }

    private LocalPace pace(@Nullable Integer perMinute, boolean learn) {
        return new LocalPace(new Rate(perMinute, learn), clock::nanoTime, clock);
    }

    /// When so many requests are admitted, in milliseconds since the start.
    private List<Long> admissions(Pace pace, int count) {
        var millis = new ArrayList<Long>();
        for (int i = 0; i < count; i++) {
            assertThat(pace.admit()).isNotNull();
            millis.add(Math.round(clock.nanoTime() / 1e6));
        }
        return millis;
    }

    private long interval(Pace pace) {
        List<Long> millis = admissions(pace, 2);
        return millis.getLast() - millis.getFirst();
    }
}
