package reconciler.cli;

import org.jspecify.annotations.Nullable;
import reconciler.queue.Backlog.Cause;
import reconciler.queue.QueueView.ChangeRow;

/// What is left to do about a change.
record WhatNext(Times times) {
    /// @param cause what it waits for; null when it is over
    /// @param job whose rule about approvals was looked at
    String of(ChangeRow change, @Nullable Cause cause, String job) {
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
                    "Correct what the API names and queue it anew; sending it unchanged would be refused again.";
            case CONFLICT, FAILED -> again(change);
            case EXPIRED -> "Queue it anew if the value is still wanted.";
            case CANCELLED -> "Queue it anew if the value is wanted after all.";
        };
    }

    private String waits(ChangeRow change, Cause cause, String job) {
        return switch (cause) {
            case IN_FLIGHT ->
                    "A run has it in hand. If that run died, the next one puts it back, and reads the participant first if a"
                            + " request may have been sent.";
            case PAUSED ->
                    "It is paused: `reconciler status` tells by whom, `reconciler unpause` lets it go.";
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
                                    + "`, then somebody else says `reconciler approve "
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

    private static String again(ChangeRow change) {
        return "When the cause is gone (`reconciler doctor` asks the API): `reconciler redrive --"
                + (change.changeSetId() == null ? "run ID" : "set " + change.changeSetId())
                + " --reason ...` tries again what ended like this.";
    }
}
