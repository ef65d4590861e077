package reconciler.cli;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reconciler.audit.OutcomeView.OutcomeRow;
import reconciler.change.ChangeState;

/// An outcome of change 17, whatever the test does not say being ordinary.
record AnOutcome(
        ChangeState status,
        int attempts,
        boolean inDoubt,
        @Nullable Integer httpStatus,
        @Nullable String code,
        @Nullable String message) {

    static AnOutcome of(ChangeState status) {
        return new AnOutcome(status, 0, false, null, null, null);
    }

    AnOutcome after(int sends) {
        return new AnOutcome(status, sends, inDoubt, httpStatus, code, message);
    }

    AnOutcome inDoubtStill() {
        return new AnOutcome(status, attempts, true, httpStatus, code, message);
    }

    AnOutcome because(@Nullable Integer status, @Nullable String code, String message) {
        return new AnOutcome(this.status, attempts, inDoubt, status, code, message);
    }

    OutcomeRow row() {
        return new OutcomeRow(
                5,
                17,
                null,
                12L,
                new UUID(1, 1),
                new UUID(2, 2),
                "contact",
                null,
                "customer.tier",
                null,
                null,
                status,
                status == ChangeState.APPLIED ? "answer" : null,
                httpStatus,
                code,
                message,
                null,
                attempts,
                inDoubt,
                "kim",
                null,
                Instant.EPOCH);
    }
}
