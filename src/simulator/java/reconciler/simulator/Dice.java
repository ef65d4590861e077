package reconciler.simulator;

import java.util.SplittableRandom;

/// Chance that repeats: the same seed gives the n-th request about a subject the same draw, however
/// the requests of other subjects fall between.
final class Dice {

    private static final long STEP = 0x9E3779B97F4A7C15L;

    private final long seed;

    Dice(long seed) {
        this.seed = seed;
    }

    /// A number from [0, 1). Each `purpose` has draws of its own.
    double roll(long purpose, Address subject, long occasion) {
        long mixed = seed;
        mixed = (mixed ^ purpose) * STEP;
        mixed = (mixed ^ subject.fingerprint()) * STEP;
        mixed = (mixed ^ occasion) * STEP;
        return new SplittableRandom(mixed).nextDouble();
    }
}
