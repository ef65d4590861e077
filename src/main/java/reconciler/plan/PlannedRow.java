package reconciler.plan;

import org.jspecify.annotations.Nullable;
import reconciler.change.Participant;
import reconciler.change.ParticipantRole;

/// A row on its way into a plan.
///
/// @param conversationNo the same for all rows of a conversation
/// @param value what is asked for
/// @param known what the queue alone says of it; null where the API has to be asked
record PlannedRow(
        long change,
        int conversationNo,
        Participant participant,
        ParticipantRole role,
        String attribute,
        String value,
        @Nullable Finding known) {

    /// Without the value.
    @Override
    public String toString() {
        return "change "
                + change
                + " ("
                + role
                + " "
                + participant.participantId()
                + ", "
                + attribute
                + ")";
    }
}
