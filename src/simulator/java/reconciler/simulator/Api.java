package reconciler.simulator;

/// Answers what arrives: credentials first, then the rate, then faults, then the contract.
final class Api {

    private final Tokens tokens;
    private final TokenEndpoint tokenEndpoint;
    private final Behaviour.RateHeaders rateHeaders;
    private final RateWindows rates;
    private final Faults faults;
    private final Reads reads;
    private final Writes writes;

    Api(
            Tokens tokens,
            TokenEndpoint tokenEndpoint,
            Behaviour.RateHeaders rateHeaders,
            RateWindows rates,
            Faults faults,
            Reads reads,
            Writes writes) {
        this.tokens = tokens;
        this.tokenEndpoint = tokenEndpoint;
        this.rateHeaders = rateHeaders;
        this.rates = rates;
        this.faults = faults;
        this.reads = reads;
        this.writes = writes;
    }

    Answer answer(Call call) {
        return call.target() instanceof Target.Token
                ? tokenEndpoint(call)
                : switch (tokens.check(call.authorization())) {
                    case Credential.Rejected(String code, String message) ->
                            new ErrorBody(401, code, message).to(call.visit());
                    case Credential.Token token -> admitted(call, token);
                };
    }

    private Answer admitted(Call call, Credential.Token token) {
        Allowance allowance = rates.take(token.fingerprint());
        Answer answer =
                allowance.exceeded()
                        ? TooManyRequests.to(call.visit(), Long.toString(allowance.reset()))
                        : faulty(call, token);
        return switch (rateHeaders) {
            case SENT -> answer.with(allowance.headers());
            case ABSENT -> answer;
        };
    }

    private Answer tokenEndpoint(Call call) {
        FaultRule rule = faults.strike(call);
        return rule == null
                ? tokenEndpoint.answer(call)
                : FaultAnswers.around(rule, call, () -> tokenEndpoint.answer(call));
    }

    private Answer faulty(Call call, Credential.Token token) {
        FaultRule rule = faults.strike(call);
        if (rule == null) {
            return served(call, token);
        }
        Call asTaken =
                rule.kind() == FaultKind.ALTERED
                        ? Alteration.of(rule.option("as", "cut")).of(call)
                        : call;
        return FaultAnswers.around(rule, call, () -> served(asTaken, token));
    }

    private Answer served(Call call, Credential.Token token) {
        return switch (call.target()) {
            case Target.OfConversation target when call.method().equals("GET") ->
                    reads.answer(call, target);
            case Target.OfParticipant target when call.method().equals("PATCH") ->
                    writes.answer(call, target, token);
            case Target.OfConversation _, Target.OfParticipant _ -> notAllowed(call);
            case Target.Token _, Target.Elsewhere _ -> Reads.notFound(call.visit());
        };
    }

    private static Answer notAllowed(Call call) {
        return new ErrorBody(405, "method.not.allowed", "The method is not allowed here.")
                .to(call.visit());
    }
}
