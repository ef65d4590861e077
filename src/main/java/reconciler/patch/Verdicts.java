package reconciler.patch;

import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import reconciler.change.AttributeChange;
import reconciler.outcome.Difference;
import reconciler.outcome.Evidence;
import reconciler.outcome.Outcome;

/// What an answer means. The only place that knows status codes.
final class Verdicts {
    private final ApiContract contract;
    private final Blame blame;
    private final BooleanSupplier anySuccess;

    /// @param anySuccess whether any request with these credentials has succeeded: before that, a
    ///   403 without a reason is taken for a missing permission
    Verdicts(ApiContract contract, BooleanSupplier anySuccess) {
        this.contract = contract;
        blame = new Blame(contract);
        this.anySuccess = anySuccess;
    }

    /// @param sent the changes that the PATCH carried
    Outcome ofPatch(Answer answer, List<AttributeChange> sent, Instant now) {
        var findings = new Findings(new Redaction(sent));
        Evidence evidence = findings.of(answer);
        return switch (answer) {
            case Answer.Received received when ForeignAnswer.is(received) ->
                    foreign(received, evidence, now);
            case Answer.Received received when received.isSuccess() ->
                    isAllThere(received)
                            ? success(received, sent, evidence)
                            : brokenOff(received, evidence);
            case Answer.Received received -> {
                List<String> names = sent.stream().map(AttributeChange::name).toList();
                yield switch (received.status()) {
                    case 400, 413 -> refusal(names, received, findings, evidence);
                    case 409 -> new Outcome.Conflict(evidence);
                    default -> ofAny(received, evidence, now);
                };
            }
            case Answer.Lost _ -> new Outcome.Unknown(null, evidence);
            case Answer.NotSent _ -> new Outcome.Unsent(evidence);
        };
    }

    /// It counts as the contract describes it; otherwise a read has to tell.
    private Outcome success(
            Answer.Received received, List<AttributeChange> sent, Evidence evidence) {
        return switch (Confirmed.by(received, contract, sent)) {
            case Confirmed.As(List<Difference> differences) ->
                    new Outcome.Applied(
                            contract.confirmation(received.status()), differences, evidence);
            case Confirmed.Nothing(String why) ->
                    new Outcome.Unknown(null, evidence.withReason("answer.unexpected", why));
        };
    }

    /// Of a read that brought no conversation. There is nothing in it to refuse or to be in
    /// conflict with.
    Outcome ofRead(Answer answer, Findings findings, Instant now) {
        Evidence evidence = findings.of(answer);
        return switch (answer) {
            case Answer.Received received when ForeignAnswer.is(received) ->
                    foreign(received, evidence, now);
            case Answer.Received received when received.isSuccess() ->
                    isAllThere(received) ? unreadable(evidence) : brokenOff(received, evidence);
            case Answer.Received received -> ofAny(received, evidence, now);
            case Answer.Lost _ -> new Outcome.Unknown(null, evidence);
            case Answer.NotSent _ -> new Outcome.Unsent(evidence);
        };
    }

    private Outcome refusal(
            List<String> names, Answer.Received received, Findings findings, Evidence evidence) {
        return switch (blame.on(names, ErrorBody.parse(received.body()), evidence)) {
            case Outcome.Refused refused ->
                    new Outcome.Refused(
                            refused.complaints().stream().map(findings::of).toList(), evidence);
            case Outcome other -> other;
        };
    }

    private Outcome ofAny(Answer.Received received, Evidence evidence, Instant now) {
        int status = received.status();
        return switch (status) {
            case 401 -> new Outcome.Unauthorized(evidence);
            case 403 -> forbidden(received, evidence);
            case 408 -> unknown(received, evidence, now);
            case 429 -> new Outcome.Throttled(RetryAfter.of(received, now), evidence);
            default ->
                    status >= 300 && status < 500
                            ? new Outcome.Unreachable(evidence)
                            : unknown(received, evidence, now);
        };
    }

    /// By the code as it came: the one that is kept may be masked.
    private Outcome forbidden(Answer.Received received, Evidence evidence) {
        String given = ErrorBody.parse(received.body()).code();
        String code = given == null ? "" : given;
        if (code.equals("not.authorized")) {
            return new Outcome.Unreachable(evidence);
        }
        return code.startsWith("missing.") || !anySuccess.getAsBoolean()
                ? new Outcome.Forbidden(evidence)
                : new Outcome.Unreachable(evidence);
    }

    private static Outcome unknown(Answer.Received received, Evidence evidence, Instant now) {
        return new Outcome.Unknown(RetryAfter.of(received, now), evidence);
    }

    private static Outcome foreign(Answer.Received received, Evidence evidence, Instant now) {
        return new Outcome.Foreign(RetryAfter.of(received, now), evidence);
    }

    private static boolean isAllThere(Answer.Received received) {
        return received.whole() && !received.cut();
    }

    private static Outcome brokenOff(Answer.Received received, Evidence evidence) {
        return new Outcome.Unknown(
                null,
                received.cut()
                        ? evidence.withReason(
                                "answer.too.large", "the answer is larger than any that is read")
                        : evidence.withReason(
                                "connection.lost", "the connection broke within the answer"));
    }

    private static Outcome unreadable(Evidence evidence) {
        return new Outcome.Unknown(
                null,
                evidence.withReason(
                        "answer.unreadable",
                        "the answer is not the conversation that was asked for"));
    }
}
