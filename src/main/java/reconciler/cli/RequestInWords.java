package reconciler.cli;

import reconciler.audit.OutcomeView.AttemptRow;
import reconciler.outcome.Attempt.Purpose;
import reconciler.outcome.Intent;

/// A request as one would tell it.
final class RequestInWords {
    private RequestInWords() {}

    static String of(AttemptRow attempt) {
        return purpose(Purpose.valueOf(attempt.purpose()))
                + " in run "
                + attempt.runId()
                + ": "
                + attempt.method()
                + " "
                + attempt.path()
                + " -> "
                + answer(attempt);
    }

    private static String purpose(Purpose purpose) {
        return switch (purpose) {
            case PATCH -> "sent";
            case BEFORE_IMAGE -> "read what is there";
            case ROLE -> "read the role";
            case READ_BACK -> "read back";
            case TOKEN -> "asked for a token";
        };
    }

    private static String answer(AttemptRow attempt) {
        if (Intent.RUN_DIED.equals(attempt.errorCode())) {
            return "no answer was written down: the run died, and the request may have been sent";
        }
        return (attempt.httpStatus() == null ? "no answer" : attempt.httpStatus())
                + (attempt.errorCode() == null ? "" : " " + attempt.errorCode())
                + (attempt.errorMessage() == null
                        ? ""
                        : " (" + PlainText.oneLine(attempt.errorMessage()) + ")")
                + " in "
                + attempt.tookMicros() / 1_000
                + " ms"
                + (attempt.correlationId() == null
                        ? ""
                        : ", correlation id " + attempt.correlationId());
    }
}
