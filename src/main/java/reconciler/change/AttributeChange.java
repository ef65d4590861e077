package reconciler.change;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One attribute of one participant, as somebody asked for it.
///
/// @param id newer changes have greater ids; among changes to the same attribute the newest wins
/// @param atomicGroup those of a participant and set that carry the same number are applied all or
///   not at all; null where it stands alone
/// @param applyBy after this moment the value is worth nothing and must not be sent; null means any
///   time
/// @param inDoubt an earlier request for this change may have reached the API; only a read can tell
/// @param attempts requests that were made for it by earlier runs
public record AttributeChange(
        long id,
        Participant participant,
        ParticipantRole role,
        String name,
        String value,
        Provenance provenance,
        @Nullable Long atomicGroup,
        @Nullable Instant applyBy,
        boolean inDoubt,
        int attempts) {

    /// Whether the two are applied both or not at all.
    public boolean standsWith(AttributeChange other) {
        return atomicGroup != null
                && atomicGroup.equals(other.atomicGroup)
                && participant.equals(other.participant)
                && Objects.equals(provenance.changeSetId(), other.provenance.changeSetId());
    }

    public boolean isExpiredAt(Instant now) {
        return applyBy != null && !now.isBefore(applyBy);
    }

    /// Without the value: attribute values are personal data and stay out of logs.
    @Override
    public String toString() {
        return "change " + id + " (" + role + " " + participant.participantId() + ", " + name + ")";
    }
}
