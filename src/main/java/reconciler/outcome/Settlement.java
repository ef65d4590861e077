package reconciler.outcome;

import org.jspecify.annotations.Nullable;
import reconciler.change.AttributeChange;
import reconciler.change.ParticipantRole;

/// What is written back for one change.
///
/// @param attempts requests made for it in this turn; being throttled and renewing a token do not
///   count
/// @param inDoubt a request may have been applied without our knowing at the time; a change that
///   goes back to PENDING keeps it
/// @param before the value that was there; null when it was not read or not set
/// @param correctedRole the participant's own role where the row named another; null where it was
///   right
/// @param standing what a read showed instead of the value that was sent; null where none did
public record Settlement(
        AttributeChange change,
        Disposition disposition,
        int attempts,
        boolean inDoubt,
        Evidence evidence,
        @Nullable String before,
        @Nullable ParticipantRole correctedRole,
        @Nullable String standing) {

    /// No read showed another value.
    public Settlement(
            AttributeChange change,
            Disposition disposition,
            int attempts,
            boolean inDoubt,
            Evidence evidence,
            @Nullable String before,
            @Nullable ParticipantRole correctedRole) {
        this(change, disposition, attempts, inDoubt, evidence, before, correctedRole, null);
    }

    /// Nothing was sent for it in this turn.
    public static Settlement unsent(
            AttributeChange change, Disposition disposition, Evidence evidence) {
        return new Settlement(change, disposition, 0, change.inDoubt(), evidence, null, null);
    }

    /// Without the value that was there.
    @Override
    public String toString() {
        return change + ": " + disposition;
    }
}
