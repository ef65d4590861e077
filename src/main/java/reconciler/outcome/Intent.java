package reconciler.outcome;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reconciler.change.Participant;

/// A request that is about to be sent: what is known of an [Attempt] before its answer. Written
/// down before the request goes on the wire, so that a process that dies leaves nothing untold.
///
/// @param changeIds the changes it is made for; what expires while it waits is left out of the
///   request but not of the intent
/// @param requestHash sha-256 of the body in hex, null for a read
public record Intent(
        Attempt.Purpose purpose,
        Participant participant,
        List<Long> changeIds,
        String method,
        String path,
        @Nullable String requestHash) {

    /// The code of a request whose process died.
    public static final String RUN_DIED = "run.died";

    public Intent {
        changeIds = List.copyOf(changeIds);
    }

    /// The request, answered or not.
    public Attempt attempt(
            Instant startedAt, Duration took, Evidence evidence, @Nullable String answer) {
        return new Attempt(
                purpose,
                participant,
                changeIds,
                method,
                path,
                requestHash,
                startedAt,
                took,
                evidence,
                answer);
    }

    /// What is left of a request whose process died.
    public Attempt unanswered(Instant recordedAt) {
        return attempt(
                recordedAt,
                Duration.ZERO,
                Evidence.of(
                        RUN_DIED,
                        "it may have been sent; the run died before an answer was written down"),
                null);
    }
}
