package reconciler.audit;

import java.util.ArrayList;
import java.util.List;

/// What a verification found wrong, in the order of the seals.
final class Faults {
    private static final int MOST = 20;

    private final List<String> first = new ArrayList<>();
    private long count;

    void add(String fault) {
        count++;
        if (first.size() < MOST) {
            first.add(fault);
        }
    }

    long count() {
        return count;
    }

    /// The first few, each one sentence that names what is broken.
    List<String> first() {
        return List.copyOf(first);
    }
}
