package reconciler.cli;

import org.jspecify.annotations.Nullable;
import reconciler.audit.OutcomeView.OutcomeRow;
import reconciler.queue.Backlog.Cause;
import reconciler.queue.QueueView.ChangeRow;

/// What is left to do about a change.
record WhatNext(Times times) {
    private static final String GOES_WITH_OTHERS = "atomic.refused";

    /// @param end null when it has none, or the audit has let go of it
    /// @param cause what it waits for; null when it is over
    /// @param job whose rule about approvals was looked at
    String of(ChangeRow change, @Nullable OutcomeRow end, @Nullable Cause cause, String job) {
        if (change.redrivenBy() != null) {
            return "It was tried again: `reconciler explain " + change.redrivenBy() + "`.";
        }
        return switch (change.state()) {
            case PENDING, IN_FLIGHT ->
                    cause == null ? "It ended a moment ago." : waits(change, cause, job);
            case APPLIED, UNCHANGED -> "Nothing is left to do.";
            case SUPERSEDED ->
                    "A newer change to the same attribute took its place: explain that one.";
            case REJECTED ->
                    isRefusedWithOthers(end)
                            ? "Correct the change that is named there, and queue all that goes with it anew."
                            : "Correct what is named there and queue it anew; unchanged it would be refused again.";
            case CONFLICT -> isOtherThanPlanned(end) ? planAgain(change, end) : again(change, end);
            case FAILED -> again(change, end);
            case EXPIRED -> "Queue it anew if the value is still wanted.";
            case CANCELLED -> "Queue it anew if the value is wanted after all.";
        };
    }

    private String waits(ChangeRow change, Cause cause, String job) {
        return switch (cause) {
            case IN_FLIGHT ->
                    "A run has it in hand. If that run died, the next one puts it back, and reads the participant first if a"
                            + " request may have been sent.";
            case SET_ASIDE ->
                    "It waits with a newer change to the same attribute, which is set aside: `reconciler status` names it.";
            case PAUSED ->
                    "It is paused: `reconciler status` tells by whom and what; `reconciler unpause "
                            + (change.changeSetId() == null
                                    ? "--all"
                                    : change.changeSetId() + "`, or `reconciler unpause --all")
                            + "` resumes it.";
            case NOT_BEFORE ->
                    "It waits until "
                            + (change.notBefore() == null
                                    ? "its time"
                                    : times.of(change.notBefore()))
                            + ".";
            case PUT_OFF ->
                    "It was put off and is due again at "
                            + (change.nextAttemptAt() == null
                                    ? "its time"
                                    : times.of(change.nextAttemptAt()))
                            + ".";
            case UNAPPROVED ->
                    change.changeSetId() == null
                            ? "It waits for an approval, which a change of no set cannot get: cancel it, and queue it as a file."
                            : "It waits for an approval: `reconciler plan "
                                    + change.changeSetId()
                                    + "`, then another person runs `reconciler approve "
                                    + change.changeSetId()
                                    + "`.";
            case RUN ->
                    "It waits for the next run (`reconciler run "
                            + job
                            + "`)"
                            + (change.inDoubt()
                                    ? "; a request may have been sent, so it is read first."
                                    : ".");
        };
    }

    private static boolean isRefusedWithOthers(@Nullable OutcomeRow end) {
        return end != null && GOES_WITH_OTHERS.equals(end.errorCode());
    }

    /// What goes with others ends in conflict only when one of them is not as the plan saw it.
    private static boolean isOtherThanPlanned(@Nullable OutcomeRow end) {
        return end != null && (InWords.isOfPlan(end) || isRefusedWithOthers(end));
    }

    private static String planAgain(ChangeRow change, @Nullable OutcomeRow end) {
        return "If it is still wanted: `"
                + redrive(change, end)
                + " --status conflict --reason ...` queues what ended like this in a change set of its own;"
                + " look at that with `reconciler plan`.";
    }

    private static String again(ChangeRow change, @Nullable OutcomeRow end) {
        return "When the cause is gone (`reconciler doctor` asks the API): `"
                + redrive(change, end)
                + " --reason ...` tries again what ended like this.";
    }

    private static String redrive(ChangeRow change, @Nullable OutcomeRow end) {
        if (change.changeSetId() != null) {
            return "reconciler redrive --set " + change.changeSetId();
        }
        return "reconciler redrive --run "
                + (end == null || end.runId() == null ? "ID" : String.valueOf(end.runId()));
    }
}
