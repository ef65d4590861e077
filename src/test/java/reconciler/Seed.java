package reconciler;

import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The chance in a test: another one each time, printed, and repeated by `-Dseed=`.
public record Seed(long value) {
    private static final Logger LOG = LoggerFactory.getLogger(Seed.class);

    public static Seed of(Class<?> test) {
        Long given = Long.getLong("seed");
        var seed = new Seed(given == null ? System.nanoTime() & 0xFFFF_FFFFL : given);
        LOG.info("{} uses -Dseed={}", test.getSimpleName(), seed.value());
        return seed;
    }

    public Random random() {
        return new Random(value);
    }
}
