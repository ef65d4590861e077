package reconciler.patch;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reconciler.change.AttributeChange;
import reconciler.change.ParticipantRole;
import reconciler.outcome.Evidence;
import reconciler.outcome.Outcome;

/// Sends one PATCH and says what came of it.
final class Patches {
    private final Line line;
    private final Requests requests;
    private final Verdicts verdicts;
    private final DeadlineClock clock;

    Patches(Line line, Requests requests, Verdicts verdicts, DeadlineClock clock) {
        this.line = line;
        this.requests = requests;
        this.verdicts = verdicts;
        this.clock = clock;
    }

    /// What came of one PATCH.
    sealed interface Result {}

    /// @param sent the changes it carried
    /// @param token the token it was tried with; empty when there was none
    record Came(Outcome outcome, List<AttributeChange> sent, String token) implements Result {
        /// Without the token.
        @Override
        public String toString() {
            return outcome + " of " + sent;
        }
    }

    record NothingLeft() implements Result {}

    record Withheld() implements Result {}

    /// Settles what expired while it waited, and sends the rest.
    Result send(List<AttributeChange> changes, ParticipantRole role, TurnBook book) {
        Reply reply = line.send(book, new Draft(changes, role, book));
        return switch (reply) {
            case Reply.Tried tried -> came(tried, book);
            case Reply.NoToken(Evidence evidence) ->
                    new Came(new Outcome.Unsent(evidence), changes, "");
            case Reply.NothingLeft _ -> new NothingLeft();
            case Reply.Withheld _ -> new Withheld();
        };
    }

    /// What is still owed of some changes, as a request: written anew only when something fell
    /// away.
    private final class Draft implements Supplier<@Nullable ApiRequest> {
        private final List<AttributeChange> changes;
        private final ParticipantRole role;
        private final TurnBook book;
        private @Nullable ApiRequest request;

        Draft(List<AttributeChange> changes, ParticipantRole role, TurnBook book) {
            this.changes = changes;
            this.role = role;
            this.book = book;
        }

        @Override
        public @Nullable ApiRequest get() {
            book.expire(changes, clock.latest());
            List<AttributeChange> owed = book.owed(changes);
            if (owed.isEmpty()) {
                return null;
            }
            if (request == null || request.changes().size() != owed.size()) {
                request = requests.patch(role, owed);
            }
            return request;
        }
    }

    private Came came(Reply.Tried tried, TurnBook book) {
        List<AttributeChange> sent = tried.request().changes();
        Outcome outcome = verdicts.ofPatch(tried.answer(), sent, clock.instant());
        book.record(
                tried, outcome.evidence(), new Findings(new Redaction(sent)).kept(tried.answer()));
        switch (outcome) {
            case Outcome.Unknown _, Outcome.Foreign _ -> {
                book.countSend(sent);
                book.doubt(sent);
            }
            case Outcome.Applied _,
                    Outcome.Refused _,
                    Outcome.WrongRole _,
                    Outcome.Unreachable _,
                    Outcome.Conflict _,
                    Outcome.Forbidden _ ->
                    book.countSend(sent);
            case Outcome.Throttled _, Outcome.Unauthorized _, Outcome.Unsent _ -> {}
        }
        return new Came(outcome, sent, tried.token());
    }
}
