package reconciler.patch;

import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import reconciler.change.ChangeState;
import reconciler.outcome.Attempt;
import reconciler.outcome.ConfirmedBy;
import reconciler.outcome.Disposition;
import reconciler.outcome.Settlement;
import reconciler.outcome.Turn;

/// `assertThatChange(1, turn).isApplied(ACCEPTED).afterAttempts(1)`
final class TurnAssert extends AbstractAssert<TurnAssert, Settlement> {
    private TurnAssert(Settlement settlement) {
        super(settlement, TurnAssert.class);
    }

    static TurnAssert assertThatChange(long id, Turn turn) {
        List<Settlement> settlements =
                turn.settlements().stream().filter(one -> one.change().id() == id).toList();
        Assertions.assertThat(settlements).as("settlements of change %s", id).hasSize(1);
        return new TurnAssert(settlements.getFirst());
    }

    /// `PATCH READ_BACK PATCH`
    static String purposes(Turn turn) {
        return String.join(
                " ", turn.attempts().stream().map(Attempt::purpose).map(Enum::name).toList());
    }

    TurnAssert isApplied(ConfirmedBy confirmedBy) {
        return goesTo(Disposition.Settled.applied(confirmedBy));
    }

    TurnAssert is(ChangeState state) {
        return goesTo(Disposition.Settled.as(state));
    }

    TurnAssert isReleased() {
        return goesTo(new Disposition.Released());
    }

    TurnAssert goesTo(Disposition disposition) {
        Assertions.assertThat(actual.disposition()).as("%s", actual).isEqualTo(disposition);
        return this;
    }

    TurnAssert isInDoubt() {
        Assertions.assertThat(actual.inDoubt()).as("in doubt: %s", actual).isTrue();
        return this;
    }

    TurnAssert isNotInDoubt() {
        Assertions.assertThat(actual.inDoubt()).as("in doubt: %s", actual).isFalse();
        return this;
    }

    TurnAssert afterAttempts(int attempts) {
        Assertions.assertThat(actual.attempts()).as("attempts").isEqualTo(attempts);
        return this;
    }

    TurnAssert withCode(@Nullable String code) {
        Assertions.assertThat(actual.evidence().code()).as("code").isEqualTo(code);
        return this;
    }

    TurnAssert withStatus(@Nullable Integer status) {
        Assertions.assertThat(actual.evidence().httpStatus()).as("status").isEqualTo(status);
        return this;
    }

    TurnAssert withMessage(String part) {
        Assertions.assertThat(actual.evidence().message()).as("message").contains(part);
        return this;
    }

    TurnAssert withBefore(@Nullable String before) {
        Assertions.assertThat(actual.before()).as("before").isEqualTo(before);
        return this;
    }

    TurnAssert withCorrectedRole(@Nullable String role) {
        String corrected = actual.correctedRole() == null ? null : actual.correctedRole().name();
        Assertions.assertThat(corrected).as("corrected role").isEqualTo(role);
        return this;
    }
}
