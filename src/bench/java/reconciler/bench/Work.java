package reconciler.bench;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One workload.
///
/// @param attributes rows of one participant; they follow each other
/// @param simulator options of the simulator
/// @param perMinute the rate of the job file
/// @param ideal the requests a second that are possible at best; null: nobody knows
/// @param contenders names of those who take part; empty means all
record Work(
        String number,
        String title,
        int rows,
        int attributes,
        int inFlight,
        List<String> simulator,
        int perMinute,
        @Nullable Double ideal,
        List<String> contenders) {
    /// The highest that a job file may say.
    static final int UNLIMITED = 1_000_000;

    boolean isLimited() {
        return perMinute != UNLIMITED;
    }
}
