package reconciler.simulator;

import java.util.Set;

/// What a single attribute or a request may be at most; beyond it the API refuses.
///
/// @param refusedNames attribute names that are always a 400 naming them
/// @param valueLength longest value in characters; a longer one is a 400 naming its attribute
/// @param bodyBytes largest request; a larger one is a 413
public record Limits(Set<String> refusedNames, int valueLength, int bodyBytes) {

    public Limits {
        SimulatorSettings.require(valueLength > 0, "value-length", "must be positive");
        SimulatorSettings.require(bodyBytes > 0, "body-bytes", "must be positive");
        refusedNames = Set.copyOf(refusedNames);
    }
}
