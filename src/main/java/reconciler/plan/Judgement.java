package reconciler.plan;

import org.jspecify.annotations.Nullable;
import reconciler.change.ParticipantRole;
import reconciler.patch.Sight;

/// What was found of one row.
///
/// @param seen whether anybody could see the participant
/// @param before the value that was there; null when there was none
/// @param ownRole the participant's own role, where the row names another
record Judgement(
        PlannedRow row,
        Finding finding,
        boolean seen,
        @Nullable String before,
        @Nullable ParticipantRole ownRole) {

    /// What it has in common with others.
    Groups.Kind<Finding> kind() {
        return new Groups.Kind<>(
                finding,
                row.role().name(),
                row.attribute(),
                before,
                finding.isKnownFromTheQueue() ? null : row.value());
    }

    PlanRow shown() {
        return new PlanRow(
                row.change(),
                row.participant(),
                row.role().name(),
                ownRole == null ? null : ownRole.name(),
                row.attribute(),
                finding,
                before,
                row.value());
    }

    static Judgement of(PlannedRow row, Sight sight) {
        return switch (sight) {
            case Sight.Seen(var participants, boolean ended) -> {
                Sight.Person person = participants.get(row.participant().participantId());
                yield person == null ? unseen(row, Finding.GONE) : of(row, person, ended);
            }
            case Sight.Gone _ -> unseen(row, Finding.GONE);
            case Sight.Unreadable _, Sight.Withheld _ -> unseen(row, Finding.UNREADABLE);
        };
    }

    /// For a row that the queue alone tells enough of.
    static Judgement known(PlannedRow row, Finding finding) {
        return unseen(row, finding);
    }

    private static Judgement unseen(PlannedRow row, Finding finding) {
        return new Judgement(row, finding, false, null, null);
    }

    private static Judgement of(PlannedRow row, Sight.Person person, boolean ended) {
        String before = person.valueOf(row.attribute());
        ParticipantRole other =
                person.role() == null || person.role().equals(row.role()) ? null : person.role();
        Finding finding;
        if (row.value().equals(before)) {
            finding = Finding.UNCHANGED;
        } else if (ended) {
            finding = Finding.ENDED;
        } else {
            finding = other == null ? Finding.CHANGE : Finding.ROLE;
        }
        return new Judgement(row, finding, true, before, other);
    }

    /// Without the values.
    @Override
    public String toString() {
        return row + ": " + finding;
    }
}
