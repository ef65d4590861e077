package reconciler.intake;

import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// Says what queueing a file would say, without a database.
public final class Validation {
    private final InstantSource clock;

    public Validation(InstantSource clock) {
        this.clock = clock;
    }

    /// Reads and judges; stores nothing.
    ///
    /// @param request what the lines fall back to, as for queueing
    /// @param rejects where the bad lines go; null for nowhere
    public IntakeReport validate(
            Source source, ChangeSetRequest request, IntakeRules rules, @Nullable Path rejects) {
        String unfit = Rejects.unfit(rejects, source);
        if (unfit != null) {
            return IntakeReport.unread(source, unfit);
        }
        var judge = new Judge(rules, request, clock.instant());
        try (var rejected = new Rejects(rejects)) {
            return new FileReading(source, judge, _ -> {}, rejected, request.partial()).report();
        }
    }
}
