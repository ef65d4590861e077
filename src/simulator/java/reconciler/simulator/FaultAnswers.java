package reconciler.simulator;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Turns the right answer into the one a fault asks for.
final class FaultAnswers {

    private static final String PERMISSIONS =
            "Unable to perform the requested action. You are missing the following permission(s):"
                    + " conversation:communication:edit";

    private FaultAnswers() {}

    static Answer around(FaultRule rule, Call call, Supplier<Answer> right) {
        if (rule.afterApplying()) {
            Answer applied = right.get();
            return answer(rule, call, () -> applied).applied(applied.applied());
        }
        return answer(rule, call, right);
    }

    private static Answer answer(FaultRule rule, Call call, Supplier<Answer> right) {
        Answer answer =
                switch (rule.kind()) {
                    case CONFLICT -> error(call, 409, "general.conflict");
                    case THROTTLED -> TooManyRequests.to(call.visit(), retryAfter(rule, "1"));
                    case TIMEOUT -> error(call, 408, "client.timeout");
                    case INTERNAL_ERROR -> error(call, 500, "internal.server.error");
                    case BAD_GATEWAY -> error(call, 502, "bad.gateway");
                    case UNAVAILABLE -> error(call, 503, "service.unavailable");
                    case GATEWAY_TIMEOUT -> error(call, 504, "request.timeout");
                    case FOUND -> redirect(302, rule, "/api/v2/conversations/" + whole(call));
                    case TEMPORARY_REDIRECT -> redirect(307, rule, call.target().path());
                    case DROP -> Answer.empty(200).with(new Delivery.Dropped());
                    case HANG ->
                            Answer.empty(200)
                                    .with(
                                            new Delivery.Held(
                                                    FaultText.duration(rule.option("for", "5m"))));
                    case SLOW_BODY ->
                            right.get()
                                    .with(
                                            new Delivery.Slowly(
                                                    FaultText.duration(rule.option("for", "2s"))));
                    case CLOSE_IDLE -> right.get().with(new Delivery.ThenClosed());
                    case HTML ->
                            Answer.of(
                                            status(rule, "502"),
                                            "text/html",
                                            "<html><title>%s</title>Bad gateway</html>"
                                                    .formatted(rule.option("title", "Gateway")))
                                    .by(Answer.Sender.IN_BETWEEN);
                    case ANSWER ->
                            Answer.of(
                                    status(rule, "200"),
                                    rule.option("type", "application/json"),
                                    rule.option("body", "{}"));
                    case TRUNCATED -> {
                        Answer whole = right.get();
                        yield whole.saying(whole.body().substring(0, whole.body().length() / 2));
                    }
                    case GZIP ->
                            right.get()
                                    .with(
                                            new Delivery.Inflated(
                                                    Integer.parseInt(
                                                            rule.option("bytes", "50000000"))));
                    case ALTERED -> right.get();
                    case EMPTY -> Answer.empty(status(rule, "500"));
                    case HUGE -> huge(rule, call);
                    case EXPIRED_TOKEN -> error(call, 401, "credentials.expired");
                    case MISSING_PERMISSION ->
                            new ErrorBody(403, "missing.permissions", PERMISSIONS).to(call.visit());
                    case OTHER_DIVISION -> error(call, 403, "not.authorized");
                    case BAD_ATTRIBUTE -> badAttribute(rule, call);
                    case BAD_REQUEST -> error(call, 400, "bad.request");
                };
        String retryAfter = rule.options().get("retry-after");
        return retryAfter == null ? answer : answer.with(Map.of("Retry-After", retryAfter));
    }

    private static Answer error(Call call, int status, String code) {
        return new ErrorBody(status, code, "Simulated: " + code).to(call.visit());
    }

    private static Answer redirect(int status, FaultRule rule, String otherwise) {
        return Answer.empty(status).with(Map.of("Location", rule.option("location", otherwise)));
    }

    private static String whole(Call call) {
        return call.target().subject().conversationId();
    }

    private static Answer huge(FaultRule rule, Call call) {
        int bytes = Integer.parseInt(rule.option("bytes", "5000000"));
        return new ErrorBody(status(rule, "500"), "internal.server.error", "x".repeat(bytes))
                .to(call.visit());
    }

    private static Answer badAttribute(FaultRule rule, Call call) {
        String name =
                rule.match().attribute().isEmpty()
                        ? call.attributeNames().stream().findFirst().orElse("attributes")
                        : rule.match().attribute();
        Problem problem = new Problem(name, "invalid.value", name + " was refused");
        return new ErrorBody(400, "invalid.value", "Invalid value.", List.of(problem))
                .to(call.visit());
    }

    private static int status(FaultRule rule, String otherwise) {
        return Integer.parseInt(rule.option("status", otherwise));
    }

    private static String retryAfter(FaultRule rule, String otherwise) {
        return rule.option("retry-after", otherwise);
    }
}
