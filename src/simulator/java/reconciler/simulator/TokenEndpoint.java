package reconciler.simulator;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;

/// `POST /oauth/token`: client credentials only. A burst is a 400 here, not a 429.
final class TokenEndpoint {

    private final Access access;
    private final Tokens tokens;
    private final RateWindows mints;
    private final String expected;

    TokenEndpoint(Access access, Tokens tokens, InstantSource time) {
        this.access = access;
        this.tokens = tokens;
        this.mints =
                new RateWindows(
                        new RateLimit(access.mintsPerMinute(), Duration.ofMinutes(1)), time);
        String pair = access.clientId() + ":" + access.clientSecret();
        this.expected =
                "Basic "
                        + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    Answer answer(Call call) {
        if (!call.method().equals("POST")) {
            return new ErrorBody(405, "method.not.allowed", "Use POST.").to(call.visit());
        }
        if (!call.authorization().equals(expected)) {
            return refusal(401, "invalid_client", "client not found or wrong secret");
        }
        if (!call.contentType().equals("application/x-www-form-urlencoded")) {
            return refusal(400, "invalid_request", "the body must be a form");
        }
        if (!Arrays.asList(call.body().split("&", -1)).contains("grant_type=client_credentials")) {
            return refusal(400, "unsupported_grant_type", "grant_type must be client_credentials");
        }
        Allowance allowance = mints.take(access.clientId());
        return allowance.exceeded()
                ? refusal(
                        400,
                        "invalid_request",
                        "rate limit exceeded; retry in " + allowance.reset() + " seconds")
                : minted();
    }

    private Answer minted() {
        return Answer.json(
                200,
                Json.object()
                        .put("access_token", tokens.mint())
                        .put("token_type", "bearer")
                        .put("expires_in", access.tokenLifetime().toSeconds()));
    }

    private static Answer refusal(int status, String error, String description) {
        return Answer.json(
                status,
                Json.object()
                        .put("error", error)
                        .put("description", description)
                        .put("error_description", description));
    }
}
