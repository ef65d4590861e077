package reconciler.intake;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import reconciler.change.Participant;

/// A line that can become a change.
record GoodLine(
        int line,
        Participant participant,
        String role,
        String name,
        String value,
        String requestedBy,
        @Nullable Instant notBefore,
        @Nullable Instant applyBy) {

    /// Without the value.
    @Override
    public String toString() {
        return "line " + line + " (" + role + " " + participant.participantId() + ", " + name + ")";
    }
}
