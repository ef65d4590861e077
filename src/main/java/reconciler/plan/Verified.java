package reconciler.plan;

import org.jspecify.annotations.Nullable;
import reconciler.change.Participant;
import reconciler.change.ParticipantRole;
import reconciler.patch.Sight;

/// One attribute of one participant, read back.
///
/// @param applied what it was set to; null once erased
/// @param found what is there now; null when there is nothing, or nobody could see
public record Verified(
        long change,
        Participant participant,
        ParticipantRole role,
        String attribute,
        Standing standing,
        @Nullable String applied,
        @Nullable String found) {

    static boolean isWorthALook(InForce row) {
        return row.replacedBy() == null && row.value() != null;
    }

    static Verified of(InForce row, Sight sight) {
        if (row.replacedBy() != null) {
            return of(row, Standing.REPLACED, null);
        }
        if (row.value() == null) {
            return of(row, Standing.ERASED, null);
        }
        return switch (sight) {
            case Sight.Seen(var participants, _) -> {
                Sight.Person person = participants.get(row.participant().participantId());
                yield person == null
                        ? of(row, Standing.GONE, null)
                        : of(row, row.value(), person.valueOf(row.attribute()));
            }
            case Sight.Gone _ -> of(row, Standing.GONE, null);
            case Sight.Unreadable _, Sight.Withheld _ -> of(row, Standing.UNREADABLE, null);
        };
    }

    private static Verified of(InForce row, String value, @Nullable String found) {
        return of(row, value.equals(found) ? Standing.SAME : Standing.DRIFTED, found);
    }

    private static Verified of(InForce row, Standing standing, @Nullable String found) {
        return new Verified(
                row.change(),
                row.participant(),
                row.role(),
                row.attribute(),
                standing,
                row.value(),
                found);
    }

    /// Without the values.
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
                + "): "
                + standing;
    }
}
