package reconciler.outcome;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reconciler.change.ChangeState;

/// Where a change goes when its turn is over.
public sealed interface Disposition {
    /// @param state a terminal state
    /// @param confirmedBy what an APPLIED row rests on; null for every other state
    record Settled(ChangeState state, @Nullable ConfirmedBy confirmedBy) implements Disposition {
        public Settled {
            if (!state.isTerminal() || (state == ChangeState.APPLIED) != (confirmedBy != null)) {
                throw new IllegalArgumentException(state + " confirmed by " + confirmedBy);
            }
        }

        public static Settled as(ChangeState state) {
            return new Settled(state, null);
        }

        public static Settled applied(ConfirmedBy confirmedBy) {
            return new Settled(ChangeState.APPLIED, confirmedBy);
        }
    }

    /// Back to PENDING, due again after `pause` by the database's clock.
    record Deferred(Duration pause) implements Disposition {}

    /// Back to PENDING, due as it was: its turn was taken from it (a stop, a halt, a lost lease).
    /// The settlement says whether it is in doubt.
    record Released() implements Disposition {}
}
