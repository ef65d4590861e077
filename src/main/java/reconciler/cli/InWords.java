package reconciler.cli;

import org.jspecify.annotations.Nullable;
import reconciler.audit.OutcomeView.OutcomeRow;

/// Outcomes as one would tell them. Attempts do not count what was answered 429, so nothing here
/// says that nothing was sent.
final class InWords {
    private InWords() {}

    static String of(OutcomeRow row) {
        return switch (row.status()) {
            case APPLIED -> applied(row) + corrected(row) + lostAnswer(row);
            case UNCHANGED -> unchanged(row) + corrected(row);
            case SUPERSEDED ->
                    row.errorMessage() + "; " + mayBeApplied(row, "this one was not applied");
            case REJECTED -> rejected(row) + because(row);
            case CONFLICT -> conflict(row) + because(row);
            case EXPIRED -> "its apply-by had passed; " + mayBeApplied(row, "it was not applied");
            case CANCELLED ->
                    (row.inDoubt()
                                    ? "withdrawn; " + mayBeApplied(row, "")
                                    : "withdrawn before it was applied")
                            + (row.errorMessage() == null ? "" : ": " + row.errorMessage());
            case FAILED ->
                    "the API could not be brought to apply it" + because(row) + lostAnswer(row);
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

    /// What a request of ours may have set is APPLIED: this is somebody else's doing.
    private static String unchanged(OutcomeRow row) {
        return row.attempts() == 0
                ? "had the value already; nothing was changed"
                : "another client set the value first; none of our requests was applied";
    }

    private static String rejected(OutcomeRow row) {
        if (isOurReason(row)) {
            return "not applied";
        }
        return row.attempts() == 0
                ? "the API did not let the participant be read"
                : "the API refused it";
    }

    private static String conflict(OutcomeRow row) {
        return isOurReason(row) ? "not applied" : "other clients kept changing the participant";
    }

    /// The message says all of it: of what the plan saw, of what goes with another change or not at
    /// all, of what was not sent, of what a read that succeeded did not show.
    private static boolean isOurReason(OutcomeRow row) {
        String code = String.valueOf(row.errorCode());
        return row.httpStatus() == null
                || row.httpStatus() < 300
                || isOfPlan(row)
                || code.equals("atomic.refused");
    }

    /// The plan saw it otherwise, or not at all.
    static boolean isOfPlan(OutcomeRow row) {
        return String.valueOf(row.errorCode()).startsWith("plan.");
    }

    private static String corrected(OutcomeRow row) {
        return row.correctedRole() == null
                ? ""
                : "; the participant is " + row.correctedRole() + ", not " + row.participantRole();
    }

    private static String mayBeApplied(OutcomeRow row, String otherwise) {
        return row.inDoubt() ? "a request that was sent before may have been applied" : otherwise;
    }

    /// What was confirmed and does not show is in doubt although no answer is missing.
    private static String lostAnswer(OutcomeRow row) {
        return row.inDoubt() && !"not.visible".equals(row.errorCode())
                ? "; an answer had been lost"
                : "";
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
