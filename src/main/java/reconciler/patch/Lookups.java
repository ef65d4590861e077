package reconciler.patch;

import java.util.List;
import org.jspecify.annotations.Nullable;
import reconciler.change.AttributeChange;
import reconciler.change.ChangeState;
import reconciler.outcome.Attempt;
import reconciler.outcome.Disposition;
import reconciler.outcome.Evidence;

/// What one turn learns by reading its participant. A look that fails for good settles the changes
/// it was made for.
final class Lookups {
    private final Reads reads;
    private final PageImages page;
    private final TurnBook book;
    private final Effort effort;

    Lookups(Reads reads, PageImages page, TurnBook book, Effort effort) {
        this.reads = reads;
        this.page = page;
        this.book = book;
        this.effort = effort;
    }

    /// The participant as it was seen.
    record Seen(Conversation.Image image, Evidence evidence) {}

    /// As it was at the beginning of the page.
    ///
    /// @param reason what made the look necessary
    /// @return null when there is nothing to see; what is still owed then must not be sent
    @Nullable Seen remembered(
            Attempt.Purpose purpose, List<AttributeChange> changes, Evidence reason) {
        return seen(
                page.of(
                        changes.getFirst().participant(),
                        () -> reads.read(purpose, changes, book, effort)),
                changes,
                reason);
    }

    /// As it is now; otherwise as [#remembered].
    @Nullable Seen fresh(List<AttributeChange> changes, Evidence reason) {
        return seen(reads.read(Attempt.Purpose.READ_BACK, changes, book, effort), changes, reason);
    }

    /// A look that settles nothing when it fails.
    @Nullable Seen glimpse(List<AttributeChange> changes) {
        return reads.read(Attempt.Purpose.READ_BACK, changes, book, effort)
                        instanceof Reading.Found found
                ? seen(found, changes)
                : null;
    }

    private @Nullable Seen seen(Reading reading, List<AttributeChange> changes, Evidence reason) {
        return switch (reading) {
            case Reading.Found found -> {
                Seen seen = seen(found, changes);
                if (seen == null) {
                    settle(
                            changes,
                            ChangeState.REJECTED,
                            found.evidence()
                                    .withReason(
                                            "not.found",
                                            "the participant is not in the conversation"));
                }
                yield seen;
            }
            case Reading.Unreachable(Evidence evidence) -> {
                settle(changes, ChangeState.REJECTED, evidence);
                yield null;
            }
            case Reading.Failed(Evidence evidence) -> {
                settle(changes, ChangeState.FAILED, afterFailure(reason, evidence));
                yield null;
            }
            case Reading.Postponed(var pause, Evidence evidence) -> {
                book.settle(changes, new Disposition.Deferred(pause), evidence);
                yield null;
            }
            case Reading.Withheld _ -> null;
        };
    }

    private static @Nullable Seen seen(Reading.Found found, List<AttributeChange> changes) {
        Conversation.Image image =
                found.conversation()
                        .participants()
                        .get(changes.getFirst().participant().participantId());
        return image == null ? null : new Seen(image, found.evidence());
    }

    private void settle(List<AttributeChange> changes, ChangeState state, Evidence evidence) {
        book.settle(changes, Disposition.Settled.as(state), evidence);
    }

    /// What the PATCH was answered says more than what the read was answered.
    private static Evidence afterFailure(Evidence reason, Evidence read) {
        if (reason.code() == null) {
            return read;
        }
        return reason.andAlso("the participant could not be read: " + read.code());
    }
}
