package reconciler.patch;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reconciler.outcome.Evidence;
import reconciler.outcome.Outcome;

/// The line to the API: one request at a time for whoever calls, after all waiting is done.
final class Line {
    private final Wire wire;
    private final Tokens tokens;
    private final Gate gate;
    private final Breaker breaker;
    private final Standing standing;
    private final DeadlineClock clock;

    Line(
            Wire wire,
            Tokens tokens,
            Gate gate,
            Breaker breaker,
            Standing standing,
            DeadlineClock clock) {
        this.wire = wire;
        this.tokens = tokens;
        this.gate = gate;
        this.breaker = breaker;
        this.standing = standing;
        this.clock = clock;
    }

    /// Sends what `draft` gives, and has it written down before.
    ///
    /// @param draft asked before the first wait and after the last; null when there is nothing left
    ///   to send
    Reply send(Notes notes, Supplier<@Nullable ApiRequest> draft) {
        ApiRequest planned = draft.get();
        if (planned == null) {
            return new Reply.NothingLeft();
        }
        if (!gate.isOpen()) {
            return new Reply.Withheld();
        }
        try (Intents.Recorded intent = notes.intend(planned)) {
            return intent == null
                    ? new Reply.Withheld()
                    : gate.inFlight(() -> inItsSlot(draft, intent));
        }
    }

    private Reply inItsSlot(Supplier<@Nullable ApiRequest> draft, Intents.Recorded intent) {
        Reply reply = null;
        while (reply == null) {
            Slot slot = breaker.waitWhileOpen() ? gate.admit() : null;
            reply = slot == null ? new Reply.Withheld() : send(draft, intent, slot);
        }
        return reply;
    }

    /// @return null when the slot was missed on the way, or the API is to be left alone: it takes
    ///   another one
    private @Nullable Reply send(
            Supplier<@Nullable ApiRequest> draft, Intents.Recorded intent, Slot slot) {
        return switch (tokens.current()) {
            case Grant.Granted(String token) -> onWire(draft, intent, token, slot);
            case Grant.Unavailable(Evidence evidence) -> {
                breaker.sawNoToken(evidence);
                yield new Reply.NoToken(evidence);
            }
            case Grant.Distrusted(Evidence evidence) -> {
                haltAtImpostor(Halt.LOGIN_HOST, evidence.message());
                yield new Reply.Withheld();
            }
            case Grant.Refused(String why) -> {
                standing.halt(
                        Halt.Kind.CREDENTIALS,
                        "no token with these credentials: "
                                + why
                                + "; check RECONCILER_API_CLIENT_ID, RECONCILER_API_CLIENT_SECRET"
                                + " and the login URL");
                yield new Reply.Withheld();
            }
            case Grant.WrongProxy(String why) -> {
                standing.halt(Halt.Kind.PROXY, why + "; what was not sent is pending");
                yield new Reply.Withheld();
            }
            case Grant.GivenUp(String why) -> {
                standing.halt(
                        Halt.Kind.UNAVAILABLE,
                        why + "; nothing is sent without a token, what was not sent is pending");
                yield new Reply.Withheld();
            }
        };
    }

    private @Nullable Reply onWire(
            Supplier<@Nullable ApiRequest> draft,
            Intents.Recorded intent,
            String token,
            Slot slot) {
        ApiRequest request = draft.get();
        if (request == null) {
            return new Reply.NothingLeft();
        }
        if (!gate.isOpen()) {
            return new Reply.Withheld();
        }
        // may wait for a lock: nothing that waits comes between a slot and the wire
        intent.close();
        if (slot.isMissed()) {
            return null;
        }
        if (!breaker.permits()) {
            return breaker.waitForOthers() ? null : new Reply.Withheld();
        }
        Instant startedAt = clock.instant();
        long began = clock.nanoTime();
        Answer answer = wire.send(request, token);
        long ended = clock.nanoTime();
        var took = Duration.ofNanos(ended - began);
        standing.count(answer, began, ended);
        breaker.saw(request, answer, took);
        gate.learn(answer, took);
        if (answer instanceof Answer.NotSent notSent && notSent.lasting() != null) {
            if (notSent.lasting() == Halt.Kind.PROXY) {
                standing.halt(
                        Halt.Kind.PROXY, notSent.message() + "; what was not sent is pending");
            } else {
                haltAtImpostor(Halt.API_HOST, notSent.message());
            }
            return new Reply.Withheld();
        }
        return new Reply.Tried(request, token, startedAt, took, answer);
    }

    /// Trying again would take a minute to come to the same end.
    private void haltAtImpostor(String host, @Nullable String why) {
        standing.halt(
                Halt.Kind.DISTRUSTED,
                host
                        + " is not trusted, so nothing is sent: "
                        + why
                        + "; what was not sent is pending");
    }

    /// Whether anything may be sent at all.
    boolean isOpen() {
        return gate.isOpen();
    }

    /// @return false when the wait was cut short
    boolean pause(Duration pause) {
        return gate.pause(pause);
    }

    /// Everybody waits.
    void hold(Duration pause) {
        gate.hold(pause);
    }

    /// Has the next request go out with another token than this.
    ///
    /// @return false when there is no other: nothing more is sent
    boolean renew(String token, Evidence refusal) {
        if (tokens.discard(token)) {
            return true;
        }
        standing.halt(
                Halt.Kind.CREDENTIALS,
                "the API does not accept the token: "
                        + refusal.inWords()
                        + "; set RECONCILER_API_ACCESS_TOKEN to a valid one");
        return false;
    }

    /// Nothing more is sent by anybody, because of this outcome.
    void halt(Outcome outcome) {
        switch (outcome) {
            case Outcome.Unauthorized(Evidence evidence) ->
                    standing.halt(
                            Halt.Kind.CREDENTIALS,
                            "the API does not accept a new token either: "
                                    + evidence.inWords()
                                    + "; check that client and API are of the same organisation:"
                                    + " RECONCILER_API_CLIENT_ID, RECONCILER_API_REGION");
            case Outcome.Throttled(var asked, Evidence evidence) ->
                    standing.halt(
                            Halt.Kind.THROTTLED,
                            "the API asks for a longer pause than throttled.max-wait"
                                    + (asked == null ? "" : ", " + asked.toSeconds() + " s")
                                    + ": "
                                    + evidence.inWords()
                                    + "; run again after it");
            case Outcome.Foreign(_, Evidence evidence) ->
                    standing.halt(
                            Halt.Kind.UNAVAILABLE,
                            "what answers at the API's host is not the API: "
                                    + evidence.inWords()
                                    + "; look at the firewall, the proxy and the API's status page,"
                                    + " what was not sent is pending");
            case Outcome.Forbidden _,
                    Outcome.Applied _,
                    Outcome.Refused _,
                    Outcome.WrongRole _,
                    Outcome.Unreachable _,
                    Outcome.Conflict _,
                    Outcome.Unknown _,
                    Outcome.Unsent _ ->
                    standing.halt(
                            Halt.Kind.PERMISSION,
                            "the credentials lack a permission: "
                                    + outcome.evidence().inWords()
                                    + "; give the OAuth client a role that has it");
        }
    }

    /// A firewall that stops everything ends the run; one that stops some requests does not.
    void haltIfNeverAnswered(Outcome outcome) {
        if (!standing.anySuccess()) {
            halt(outcome);
        }
    }

    /// A single pause that nobody is going to wait out ends the run; pauses that only add up to too
    /// much for one participant do not.
    void haltIfBeyondPatience(Outcome outcome, Effort effort) {
        if (outcome instanceof Outcome.Throttled throttled) {
            if (effort.isBeyondPatience(throttled)) {
                halt(throttled);
            } else if (throttled.retryAfter() != null) {
                hold(throttled.retryAfter());
            }
        }
    }
}
