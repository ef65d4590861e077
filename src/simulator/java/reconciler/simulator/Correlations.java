package reconciler.simulator;

import java.util.UUID;

/// Correlation ids: one half is the simulator's own, the other the sequence of the request.
record Correlations(long run) {

    Correlations() {
        this(UUID.randomUUID().getMostSignificantBits());
    }

    UUID of(long sequence) {
        return new UUID(run, Long.MIN_VALUE | sequence);
    }
}
