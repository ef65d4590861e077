package reconciler.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.Seed;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class BackoffTest {
    private static final Seed SEED = Seed.of(BackoffTest.class);
    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration MOST = Duration.ofSeconds(5);

    private final Backoff backoff = new Backoff(FIRST, MOST);

    @Test
    void every_pause_is_between_the_first_and_a_ceiling_that_doubles() {
        var random = SEED.random();
        for (int failures = 1; failures <= 70; failures++) {
            Duration doubled = FIRST.multipliedBy(1L << Math.min(failures, 10));
            Duration ceiling = doubled.compareTo(MOST) < 0 ? doubled : MOST;
            for (int i = 0; i < 100; i++) {
                assertThat(backoff.pause(failures, random))
                        .as("failure %s, %s", failures, SEED)
                        .isBetween(FIRST, ceiling);
            }
        }
    }

    @Test
    void those_who_fail_together_do_not_return_together() {
        var random = new Random(1);
        Set<Duration> pauses = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            pauses.add(backoff.pause(1, random));
        }
        assertThat(pauses).hasSizeGreaterThan(90);
    }

    @Test
    void first_and_most_may_be_the_same() {
        assertThat(new Backoff(FIRST, FIRST).pause(9, new Random(1))).isEqualTo(FIRST);
    }

    @Test
    void a_backoff_is_positive_and_grows() {
        assertThatThrownBy(() -> new Backoff(Duration.ZERO, MOST)).hasMessageContaining("positive");
        assertThatThrownBy(() -> new Backoff(FIRST.negated(), MOST))
                .hasMessageContaining("positive");
        assertThatThrownBy(() -> new Backoff(MOST, FIRST)).hasMessageContaining("at least as long");
    }
}
