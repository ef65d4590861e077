package reconciler.queue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import reconciler.change.ChangeState;
import reconciler.change.ParticipantRole;

/// Why a change is not to be taken by hand: a run would not take it either. The first of these that
/// holds.
public sealed interface Obstacle {
    record NotPending(ChangeState state) implements Obstacle {}

    /// The scope has other roles.
    record NotSelected(ParticipantRole role) implements Obstacle {}

    /// @param set null: everything is paused
    record Paused(@Nullable Long set, String by) implements Obstacle {}

    /// Its not-before lies ahead, or it was put off.
    record NotDue(Instant until) implements Obstacle {}

    /// @param set null: it is of no set, and cannot get one
    record Unapproved(@Nullable Long set) implements Obstacle {}

    /// A newer change to the same attribute is due too.
    record Superseded(long by) implements Obstacle {}

    /// Something of its participant is in flight, or it was taken a moment ago.
    record Busy() implements Obstacle {}
}
