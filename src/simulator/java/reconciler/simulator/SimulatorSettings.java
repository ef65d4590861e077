package reconciler.simulator;

import java.util.List;

/// Everything about a simulator that can be chosen before it starts.
///
/// @param port 0 means any free one
/// @param faults rules in the text form of [FaultRule], armed from the start
/// @param seed decides the population, the slow answers and the faults with a probability
public record SimulatorSettings(
        String address,
        int port,
        Pace pace,
        RateLimit rateLimit,
        Access access,
        Population population,
        Behaviour behaviour,
        Limits limits,
        List<String> faults,
        Ledger.Detail ledger,
        long seed) {

    public SimulatorSettings {
        require(port >= 0 && port <= 65535, "port", "must be from 0 to 65535");
        faults = List.copyOf(faults);
    }

    public static SimulatorSettings defaults() {
        return with().build();
    }

    /// The defaults, to be changed one by one.
    public static SettingsBuilder with() {
        return new SettingsBuilder();
    }

    /// What every part of the settings uses to refuse a value by its key.
    static void require(boolean holds, String key, String demand) {
        if (!holds) {
            throw new IllegalArgumentException("simulator: " + key + " " + demand);
        }
    }
}
