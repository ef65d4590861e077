package reconciler.intake;

import java.util.EnumMap;
import java.util.Map;

/// How often each form was normalised in one file.
final class NormalisationCounts {
    private final Map<Normalisation, Long> counts = new EnumMap<>(Normalisation.class);

    void count(Normalisation normalisation) {
        count(normalisation, 1);
    }

    void count(Normalisation normalisation, long times) {
        if (times > 0) {
            counts.merge(normalisation, times, Long::sum);
        }
    }

    /// Those that occurred.
    Map<Normalisation, Long> counts() {
        return new EnumMap<>(counts);
    }
}
