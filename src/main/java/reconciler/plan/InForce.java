package reconciler.plan;

import org.jspecify.annotations.Nullable;
import reconciler.change.Participant;
import reconciler.change.ParticipantRole;

/// What a change set, or a time, left behind for one attribute of one participant: its last row
/// that was applied or found already so.
///
/// @param role the participant's own
/// @param value what it was set to; null once erased
/// @param replacedBy a later change of ours that set it again; null when there is none
/// @param atomicGroup the set's rows of a participant that carry the same number are taken back all
///   or not at all; null where it stands alone
/// @param before what was there before the first of these rows
record InForce(
        long change,
        Participant participant,
        ParticipantRole role,
        String attribute,
        @Nullable String value,
        @Nullable Long replacedBy,
        @Nullable Long atomicGroup,
        Before before) {

    /// What an attribute was.
    sealed interface Before {
        /// @param value null: there was none
        record Known(@Nullable String value) implements Before {}

        /// It was not read, or was erased since.
        record Unknown() implements Before {}
    }
}
