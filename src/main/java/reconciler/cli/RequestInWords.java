package reconciler.cli;

import java.util.ArrayList;
import java.util.List;
import reconciler.audit.OutcomeView.AttemptRow;
import reconciler.outcome.Attempt.Purpose;
import reconciler.outcome.Intent;

/// A request as one would tell it.
final class RequestInWords {
    private RequestInWords() {}

    static Chapter of(AttemptRow attempt) {
        return new Chapter(
                attempt.startedAt(),
                purpose(Purpose.valueOf(attempt.purpose()))
                        + " in run "
                        + attempt.runId()
                        + ": "
                        + attempt.method()
                        + " -> "
                        + answer(attempt),
                details(attempt));
    }

    private static List<String> details(AttemptRow attempt) {
        var details = new ArrayList<String>();
        details.add(attempt.path());
        if (attempt.errorMessage() != null && !Intent.RUN_DIED.equals(attempt.errorCode())) {
            details.add("answer: " + PlainText.oneLine(attempt.errorMessage()));
        }
        if (attempt.correlationId() != null) {
            details.add("correlation id " + attempt.correlationId());
        }
        return details;
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
                + " in "
                + attempt.tookMicros() / 1_000
                + " ms";
    }
}
