package reconciler.simulator;

import java.time.Duration;
import java.util.Set;

/// Who may call.
///
/// @param tokens accepted beside the minted ones, for ever
/// @param readOnlyTokens accepted for reading; a write with one is a 403
/// @param mintsPerMinute tokens a client may mint in a minute; 0 means no limit
public record Access(
        String clientId,
        String clientSecret,
        Duration tokenLifetime,
        int mintsPerMinute,
        Set<String> tokens,
        Set<String> readOnlyTokens) {

    public Access {
        SimulatorSettings.require(tokenLifetime.isPositive(), "token-lifetime", "must be positive");
        SimulatorSettings.require(mintsPerMinute >= 0, "mints-per-minute", "must not be negative");
        tokens = Set.copyOf(tokens);
        readOnlyTokens = Set.copyOf(readOnlyTokens);
    }
}
