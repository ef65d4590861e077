package reconciler.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static reconciler.outcome.Evidence.NONE;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reconciler.change.ChangeState;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PoliciesTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Backoff CONFLICT = backoff(200, 5_000);
    private static final Backoff UNAVAILABLE = backoff(1_000, 30_000);

    private final RandomGenerator random = new Random(7);

    static List<Outcome> outcomes() {
        return Arrays.asList(
                new Outcome.Applied(ConfirmedBy.ANSWER, NONE),
                new Outcome.Refused(List.of(), NONE),
                new Outcome.WrongRole(NONE),
                new Outcome.Unreachable(NONE),
                new Outcome.Conflict(NONE),
                new Outcome.Throttled(null, NONE),
                new Outcome.Throttled(Duration.ofSeconds(42), NONE),
                new Outcome.Throttled(Duration.ofHours(9), NONE),
                new Outcome.Unauthorized(NONE),
                new Outcome.Forbidden(NONE),
                new Outcome.Unknown(null, NONE),
                new Outcome.Unknown(Duration.ofSeconds(42), NONE),
                new Outcome.Unknown(Duration.ofHours(9), NONE),
                new Outcome.Unsent(NONE));
    }

    static Stream<Policies> policies() {
        var all = new ArrayList<Policies>();
        for (Exhausted conflict : Exhausted.values()) {
            for (Exhausted throttled : Exhausted.values()) {
                for (RoleMismatch role : RoleMismatch.values()) {
                    IntStream.of(1, 3).forEach(n -> all.add(of(n, conflict, throttled, role)));
                }
            }
        }
        return all.stream();
    }

    /// Whatever comes, in whatever order: a turn ends, and only SKIP and DEFER decide how.
    @ParameterizedTest
    @MethodSource("policies")
    void no_outcome_can_be_repeated_for_ever(Policies policies) {
        for (Outcome outcome : outcomes()) {
            Tries tries = Tries.NONE;
            int steps = 0;
            boolean goesOn = true;
            while (goesOn) {
                assertThat(++steps).as("steps after %s", outcome).isLessThan(100);
                tries = tries.after(outcome);
                NextStep step = policies.after(outcome, tries, random);
                tries = tries.after(step);
                goesOn =
                        switch (step) {
                            case NextStep.SendAgain _,
                                    NextStep.HoldEverybody _,
                                    NextStep.RenewToken _,
                                    NextStep.CorrectRole _ ->
                                    true;
                            case NextStep.ReadBack _ -> policies.allowAnotherSend(tries);
                            case NextStep.Settle _,
                                    NextStep.Isolate _,
                                    NextStep.Defer _,
                                    NextStep.Halt _ ->
                                    false;
                        };
            }
        }
    }

    @ParameterizedTest
    @MethodSource("policies")
    void no_single_pause_is_longer_than_patience_and_backoff(Policies policies) {
        for (Outcome outcome : outcomes()) {
            Tries tries = Tries.NONE.after(outcome);
            Duration pause =
                    switch (policies.after(outcome, tries, random)) {
                        case NextStep.SendAgain(Duration waited) -> waited;
                        case NextStep.ReadBack(Duration waited) -> waited;
                        case NextStep.HoldEverybody(Duration waited) -> waited;
                        case NextStep.Settle _,
                                NextStep.Isolate _,
                                NextStep.CorrectRole _,
                                NextStep.RenewToken _,
                                NextStep.Defer _,
                                NextStep.Halt _ ->
                                Duration.ZERO;
                    };
            assertThat(pause).as("after %s", outcome).isBetween(Duration.ZERO, PATIENCE);
        }
    }

    @Test
    void a_confirmed_value_is_applied_whatever_happened_before() {
        var used = new Tries(9, 9, Duration.ofHours(1), true, true);
        assertThat(after(outcomes().getFirst(), used))
                .isEqualTo(new NextStep.Settle(ChangeState.APPLIED));
    }

    @Test
    void a_refusal_is_isolated_and_never_repeated() {
        assertThat(after(new Outcome.Refused(List.of(), NONE), Tries.NONE))
                .isEqualTo(new NextStep.Isolate());
        assertThat(after(new Outcome.Unreachable(NONE), Tries.NONE))
                .isEqualTo(new NextStep.Settle(ChangeState.REJECTED));
    }

    @Test
    void a_role_is_corrected_once_and_only_where_the_job_file_says_so() {
        var wrong = new Outcome.WrongRole(NONE);
        var rejected = new NextStep.Settle(ChangeState.REJECTED);
        assertThat(after(wrong, Tries.NONE)).isEqualTo(new NextStep.CorrectRole());
        assertThat(after(wrong, new Tries(0, 0, Duration.ZERO, false, true))).isEqualTo(rejected);
        assertThat(
                        of(3, Exhausted.SKIP, Exhausted.DEFER, RoleMismatch.REJECT)
                                .after(wrong, Tries.NONE, random))
                .isEqualTo(rejected);
    }

    @Test
    void a_token_is_renewed_once() {
        var unauthorized = new Outcome.Unauthorized(NONE);
        assertThat(after(unauthorized, Tries.NONE)).isEqualTo(new NextStep.RenewToken());
        assertThat(after(unauthorized, Tries.NONE.after(new NextStep.RenewToken())))
                .isEqualTo(new NextStep.Halt());
        assertThat(after(new Outcome.Forbidden(NONE), Tries.NONE)).isEqualTo(new NextStep.Halt());
    }

    @ParameterizedTest
    @EnumSource(Exhausted.class)
    void a_conflict_is_looked_at_as_often_as_allowed(Exhausted exhausted) {
        Policies policies = of(3, exhausted, Exhausted.DEFER, RoleMismatch.CORRECT);
        var conflict = new Outcome.Conflict(NONE);
        assertThat(policies.after(conflict, conflicts(1), random))
                .isInstanceOf(NextStep.ReadBack.class);
        assertThat(policies.after(conflict, conflicts(2), random))
                .isInstanceOf(NextStep.ReadBack.class);
        assertThat(policies.after(conflict, conflicts(3), random))
                .isEqualTo(
                        switch (exhausted) {
                            case SKIP -> new NextStep.Settle(ChangeState.CONFLICT);
                            case DEFER -> new NextStep.Defer(Duration.ofSeconds(5));
                        });
    }

    @ParameterizedTest
    @EnumSource(Exhausted.class)
    void a_pause_is_waited_out_up_to_the_patience_in_sum(Exhausted exhausted) {
        Policies policies = of(3, Exhausted.SKIP, exhausted, RoleMismatch.CORRECT);
        for (int seconds : new int[] {1, 60, 120, 179, 180, 181, 36_000}) {
            for (int before : new int[] {0, 1, 60, 180}) {
                Duration asked = Duration.ofSeconds(seconds);
                var tries = new Tries(0, 0, Duration.ofSeconds(before), false, false);
                NextStep expected =
                        before + seconds <= 180
                                ? new NextStep.HoldEverybody(asked)
                                : switch (exhausted) {
                                    case SKIP -> new NextStep.Settle(ChangeState.FAILED);
                                    case DEFER ->
                                            new NextStep.Defer(
                                                    Duration.ofSeconds(Math.min(seconds, 180)));
                                };
                assertThat(policies.after(new Outcome.Throttled(asked, NONE), tries, random))
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void a_pause_that_is_not_named_is_the_usual_one() {
        assertThat(after(new Outcome.Throttled(null, NONE), Tries.NONE))
                .isEqualTo(new NextStep.HoldEverybody(Duration.ofSeconds(3)));
    }

    @Test
    void an_unknown_is_read_back_even_after_the_last_try() {
        for (int tries = 1; tries <= 9; tries++) {
            Tries used = new Tries(0, tries, Duration.ZERO, false, false);
            assertThat(after(new Outcome.Unknown(null, NONE), used))
                    .isInstanceOf(NextStep.ReadBack.class);
            assertThat(given().allowAnotherSend(used)).isEqualTo(tries < 3);
        }
    }

    @Test
    void the_pause_an_unknown_asks_for_is_kept_up_to_the_patience() {
        assertThat(readBackAfter(Duration.ofSeconds(100))).isEqualTo(Duration.ofSeconds(100));
        assertThat(readBackAfter(Duration.ofHours(9))).isEqualTo(PATIENCE);
        assertThat(readBackAfter(Duration.ofMillis(1))).isGreaterThanOrEqualTo(UNAVAILABLE.first());
        assertThat(readBackAfter(null)).isBetween(UNAVAILABLE.first(), Duration.ofSeconds(2));
    }

    @Test
    void what_was_never_sent_is_sent_again_and_fails_in_the_end() {
        var unsent = new Outcome.Unsent(NONE);
        assertThat(after(unsent, new Tries(0, 2, Duration.ZERO, false, false)))
                .isInstanceOf(NextStep.SendAgain.class);
        assertThat(after(unsent, new Tries(0, 3, Duration.ZERO, false, false)))
                .isEqualTo(new NextStep.Settle(ChangeState.FAILED));
    }

    @Test
    void being_told_to_wait_is_not_a_failure() {
        var throttled = new Outcome.Throttled(null, NONE);
        assertThat(Tries.NONE.after(throttled)).isEqualTo(Tries.NONE);
        assertThat(Tries.NONE.after(new NextStep.HoldEverybody(Duration.ofSeconds(3))))
                .isEqualTo(new Tries(0, 0, Duration.ofSeconds(3), false, false));
    }

    private Duration readBackAfter(@Nullable Duration asked) {
        Tries tries = new Tries(0, 1, Duration.ZERO, false, false);
        return after(new Outcome.Unknown(asked, NONE), tries)
                        instanceof NextStep.ReadBack(var pause)
                ? pause
                : Duration.ZERO;
    }

    private NextStep after(Outcome outcome, Tries tries) {
        return given().after(outcome, tries, random);
    }

    private static Tries conflicts(int conflicts) {
        return new Tries(conflicts, 0, Duration.ZERO, false, false);
    }

    private static Policies given() {
        return of(3, Exhausted.SKIP, Exhausted.DEFER, RoleMismatch.CORRECT);
    }

    private static Policies of(
            int attempts, Exhausted conflict, Exhausted throttled, RoleMismatch role) {
        return new Policies(
                new ConflictPolicy(attempts, CONFLICT, conflict),
                new ThrottlePolicy(PATIENCE, Duration.ofSeconds(3), throttled),
                new UnavailablePolicy(attempts, UNAVAILABLE),
                role);
    }

    private static Backoff backoff(long first, long most) {
        return new Backoff(Duration.ofMillis(first), Duration.ofMillis(most));
    }
}
