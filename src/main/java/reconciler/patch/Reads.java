package reconciler.patch;

import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reconciler.change.AttributeChange;
import reconciler.change.ChangeState;
import reconciler.change.Participant;
import reconciler.outcome.Attempt;
import reconciler.outcome.Evidence;
import reconciler.outcome.NextStep;
import reconciler.outcome.Outcome;

/// Reads conversations, as often as the policies allow. A lost answer to a read leaves no doubt.
final class Reads {
    private final Line line;
    private final Requests requests;
    private final Verdicts verdicts;
    private final InstantSource clock;

    Reads(Line line, Requests requests, Verdicts verdicts, InstantSource clock) {
        this.line = line;
        this.requests = requests;
        this.verdicts = verdicts;
        this.clock = clock;
    }

    /// @param changes whom it is made for; never empty
    /// @param book where its requests are written down
    Reading read(
            Attempt.Purpose purpose, List<AttributeChange> changes, TurnBook book, Effort turn) {
        return read(requests.read(purpose, changes), book, turn);
    }

    /// A look that serves no turn.
    Reading look(Attempt.Purpose purpose, Participant participant, Notes notes, Effort effort) {
        return read(requests.look(purpose, participant), notes, effort);
    }

    private Reading read(ApiRequest request, Notes notes, Effort turn) {
        Effort effort = turn.forRead();
        Reading reading = null;
        while (reading == null) {
            reading = tryOnce(request, notes, effort);
        }
        turn.add(effort);
        return reading;
    }

    /// Null when it is to be tried again.
    private @Nullable Reading tryOnce(ApiRequest request, Notes notes, Effort effort) {
        return switch (line.send(notes, () -> request)) {
            case Reply.Tried tried -> {
                Conversation conversation = conversation(request, tried.answer());
                yield conversation == null
                        ? failed(tried, notes, effort)
                        : found(conversation, tried, notes);
            }
            case Reply.NoToken(Evidence evidence) ->
                    follow(new Outcome.Unsent(evidence), "", effort);
            case Reply.NothingLeft _, Reply.Withheld _ -> new Reading.Withheld();
        };
    }

    /// The conversation that was asked for; null when the answer is anything else.
    private static @Nullable Conversation conversation(ApiRequest request, Answer answer) {
        Conversation conversation =
                answer instanceof Answer.Received received
                                && received.isSuccess()
                                && received.whole()
                                && !received.cut()
                                && !ForeignAnswer.is(received)
                        ? Conversation.parse(received.body())
                        : null;
        String asked = request.url().pathSegments().getLast();
        return conversation != null
                        && conversation.id() != null
                        && !asked.equals(conversation.id().toString())
                ? null
                : conversation;
    }

    private static Reading found(Conversation conversation, Reply.Tried tried, Notes notes) {
        Evidence evidence = new Findings(Redaction.none()).of(tried.answer());
        notes.record(tried, evidence, null);
        return new Reading.Found(conversation, evidence);
    }

    private @Nullable Reading failed(Reply.Tried tried, Notes notes, Effort effort) {
        var findings = new Findings(new Redaction(tried.request().changes()));
        Outcome outcome = verdicts.ofRead(tried.answer(), findings, clock.instant());
        String kept = findings.kept(tried.answer());
        notes.record(tried, outcome.evidence(), kept);
        return follow(outcome, tried.token(), effort);
    }

    private @Nullable Reading follow(Outcome outcome, String token, Effort effort) {
        Evidence evidence = outcome.evidence();
        return switch (effort.after(outcome)) {
            case NextStep.SendAgain(var pause) -> again(line.pause(pause));
            case NextStep.ReadBack(var pause) when effort.allowsAnotherSend() ->
                    again(line.pause(pause));
            case NextStep.HoldEverybody(var pause) -> {
                line.hold(pause);
                yield null;
            }
            case NextStep.RenewToken _ -> again(line.renew(token, evidence));
            case NextStep.Defer(var pause) -> {
                line.haltIfBeyondPatience(outcome, effort);
                yield new Reading.Postponed(pause, evidence);
            }
            case NextStep.Halt _ -> {
                line.halt(outcome);
                yield new Reading.Withheld();
            }
            case NextStep.Settle(var state) when state == ChangeState.REJECTED ->
                    new Reading.Unreachable(evidence);
            case NextStep.Settle _ -> {
                line.haltIfBeyondPatience(outcome, effort);
                yield new Reading.Failed(evidence);
            }
            case NextStep.ReadBack _ when outcome instanceof Outcome.Foreign -> {
                line.haltIfNeverAnswered(outcome);
                yield new Reading.Postponed(effort.withoutVerdict().pause(), evidence);
            }
            case NextStep.ReadBack _, NextStep.Isolate _, NextStep.CorrectRole _ ->
                    new Reading.Failed(evidence);
        };
    }

    private static @Nullable Reading again(boolean goesOn) {
        return goesOn ? null : new Reading.Withheld();
    }
}
