package reconciler.cli;

import org.jspecify.annotations.Nullable;
import reconciler.audit.OutcomeView.OutcomeRow;

/// Outcomes as one would tell them.
final class InWords {
    private InWords() {}

    static String of(OutcomeRow row) {
        return switch (row.status()) {
            case APPLIED -> applied(row) + corrected(row) + doubt(row);
            case UNCHANGED -> "had the value already; nothing was sent" + corrected(row);
            case SUPERSEDED -> row.errorMessage() + "; this one was not sent";
            case REJECTED -> "the API refused it" + because(row);
            case CONFLICT -> conflict(row) + because(row);
            case EXPIRED -> "its apply-by had passed; it was not sent";
            case CANCELLED ->
                    "withdrawn before it was sent"
                            + (row.errorMessage() == null ? "" : ": " + row.errorMessage());
            case FAILED -> "the API could not be brought to apply it" + because(row) + doubt(row);
            case PENDING, IN_FLIGHT ->
                    throw new IllegalStateException("not an outcome: " + row.status());
        };
    }

    private static String applied(OutcomeRow row) {
        return switch (String.valueOf(row.confirmedBy())) {
            case "accepted" -> "the API accepted the value";
            case "read-back" -> "the value was read back";
            default -> "the API confirmed the value";
        };
    }

    private static String conflict(OutcomeRow row) {
        return switch (String.valueOf(row.errorCode())) {
            case "plan.not-seen" -> "nobody could agree to it";
            case "plan.drifted" -> "somebody else changed the participant since the plan";
            default -> "somebody else kept changing the participant";
        };
    }

    private static String corrected(OutcomeRow row) {
        return row.correctedRole() == null
                ? ""
                : "; the participant is " + row.correctedRole() + ", not " + row.participantRole();
    }

    private static String doubt(OutcomeRow row) {
        return row.inDoubt() ? "; an answer had been lost" : "";
    }

    private static String because(OutcomeRow row) {
        String code =
                or(row.errorCode(), row.httpStatus() == null ? null : "HTTP " + row.httpStatus());
        return (code == null ? "" : " (" + code + ")")
                + (row.errorMessage() == null ? "" : ": " + row.errorMessage());
    }

    private static @Nullable String or(@Nullable String one, @Nullable String other) {
        return one == null ? other : one;
    }
}
