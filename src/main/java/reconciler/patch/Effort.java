package reconciler.patch;

import java.util.random.RandomGenerator;
import reconciler.outcome.NextStep;
import reconciler.outcome.Outcome;
import reconciler.outcome.Policies;
import reconciler.outcome.Tries;

/// What one participant's turn has used up of what the policies allow.
final class Effort {
    private final Policies policies;
    private final RandomGenerator random;
    private Tries tries;

    Effort(Policies policies, RandomGenerator random) {
        this(policies, random, Tries.NONE);
    }

    private Effort(Policies policies, RandomGenerator random, Tries tries) {
        this.policies = policies;
        this.random = random;
        this.tries = tries;
    }

    /// Counts the outcome and says what to do about it.
    NextStep after(Outcome outcome) {
        tries = tries.after(outcome);
        NextStep step = policies.after(outcome, tries, random);
        tries = tries.after(step);
        return step;
    }

    boolean allowsAnotherSend() {
        return policies.allowAnotherSend(tries);
    }

    NextStep.Defer withoutVerdict() {
        return policies.withoutVerdict();
    }

    /// Whether this pause alone is longer than the policies wait out.
    boolean isBeyondPatience(Outcome.Throttled throttled) {
        return throttled.retryAfter() != null
                && throttled.retryAfter().compareTo(policies.throttled().maxWait()) > 0;
    }

    /// For a read within the turn: tries of its own, so that a value in doubt is looked up even
    /// when the sends have used up theirs. Pauses and tokens are counted together.
    Effort forRead() {
        return new Effort(
                policies,
                random,
                new Tries(
                        tries.conflicts(),
                        0,
                        tries.throttled(),
                        tries.tokenRenewed(),
                        tries.roleCorrected()));
    }

    /// Takes back what a read has used up.
    void add(Effort read) {
        tries =
                new Tries(
                        tries.conflicts(),
                        tries.unavailable(),
                        read.tries.throttled(),
                        read.tries.tokenRenewed(),
                        tries.roleCorrected());
    }
}
