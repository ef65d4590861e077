package reconciler.simulator;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// The access tokens in circulation.
final class Tokens {

    private static final String SCHEME = "Bearer ";

    private final Access access;
    private final InstantSource time;
    private final Map<String, Credential.Token> known = new ConcurrentHashMap<>();

    Tokens(Access access, InstantSource time) {
        this.access = access;
        this.time = time;
        access.tokens().forEach(value -> keep(value, Instant.MAX, false));
        access.readOnlyTokens().forEach(value -> keep(value, Instant.MAX, true));
    }

    String mint() {
        String value = "sim-" + UUID.randomUUID();
        keep(value, time.instant().plus(access.tokenLifetime()), false);
        return value;
    }

    /// Makes every minted token an expired one.
    void expire() {
        Instant now = time.instant();
        known.replaceAll(
                (_, token) -> token.expires().equals(Instant.MAX) ? token : token.expiring(now));
    }

    Credential check(String authorization) {
        if (!authorization.startsWith(SCHEME)) {
            return new Credential.Rejected(
                    "authentication.required", "No authentication bearer token.");
        }
        Credential.Token token = known.get(authorization.substring(SCHEME.length()));
        if (token == null) {
            return new Credential.Rejected("bad.credentials", "Invalid login credentials.");
        }
        return token.expires().isAfter(time.instant())
                ? token
                : new Credential.Rejected("credentials.expired", "The token has expired.");
    }

    private void keep(String value, Instant expires, boolean readOnly) {
        known.put(value, new Credential.Token(Fingerprint.of(value), expires, readOnly));
    }
}
